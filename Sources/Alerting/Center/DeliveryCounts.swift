/// How many attempts through a channel came to what.
package struct DeliveryCounts: Sendable, Hashable {
    package internal(set) var delivered = 0
    package internal(set) var failed = 0
    package internal(set) var refused = 0

    package init() {}

    mutating func count(_ outcome: DeliveryOutcome) {
        switch outcome {
        case .delivered: delivered += 1
        case .failed: failed += 1
        case .refused: refused += 1
        }
    }
}
