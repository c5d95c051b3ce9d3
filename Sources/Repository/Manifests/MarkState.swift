/// What all marks of one backup come to.
package struct MarkState: Sendable, Equatable {
    /// The pin that makes retention keep it.
    package private(set) var pin: Mark?
    /// It does not exist any more.
    package private(set) var isDeleted = false
    /// The newest mark that proves it.
    package private(set) var proof: Mark?
    /// When it was last pinned or unpinned.
    package private(set) var decidedAt: UTCTime?

    package init() {}

    /// Retention must keep it.
    package var isPinned: Bool { pin != nil }

    /// - Parameter marks: The marks of one backup, in any order.
    package init(_ marks: some Sequence<Mark>) {
        for mark in marks { fold(mark) }
    }

    /// Takes one more mark into account; the order of the calls does not matter, but for a pin and an unpin of the same
    /// second: then the pin counts, for keeping is the safer mistake.
    package mutating func fold(_ mark: Mark) {
        switch mark.action {
        case .delete: isDeleted = true
        case .drill: if proof.map({ $0.at <= mark.at }) ?? true { proof = mark }
        case .pin, .unpin:
            let isPin = mark.action == .pin
            if let decidedAt, mark.at < decidedAt || mark.at == decidedAt && !isPin { return }
            decidedAt = mark.at
            pin = isPin ? mark : nil
        }
    }
}
