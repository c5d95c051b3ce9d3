import Synchronization

/// How far a starting server has come, by what it writes to its log (with `lc_messages` C).
final class ServerMilestones: Sendable {
    /// The steps, in order.
    enum Step: Int, Comparable, Sendable {
        case started
        case replaying
        case ready

        static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    private let state = Mutex((step: Step.started, replayingSince: ContinuousClock.Instant?.none))

    /// Takes a line of the log into account.
    func read(_ line: String) {
        guard let step = Self.step(of: line) else { return }
        state.withLock { state in
            if step > state.step { state.step = step }
            if step == .replaying, state.replayingSince == nil { state.replayingSince = .now }
        }
    }

    /// How far it has come.
    var step: Step { state.withLock { $0.step } }

    /// When it began to replay.
    var replayingSince: ContinuousClock.Instant? { state.withLock { $0.replayingSince } }

    /// The step that a line tells of.
    static func step(of line: String) -> Step? {
        if line.contains("redo starts at ") { return .replaying }
        if line.contains("database system is ready to accept connections") { return .ready }
        return nil
    }
}
