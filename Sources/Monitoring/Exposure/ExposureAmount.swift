/// How much data would be lost, counted in the time during which it was written.
package enum ExposureAmount: Sendable, Hashable {
    /// What was written in the last so many seconds.
    case seconds(Double)
    /// All of it: there is no copy.
    case everything
    /// It can't be known; where a bound is known, at most so many seconds.
    case unknown(atMostSeconds: Double?)

    /// In words, for a sentence or a table.
    package var text: String {
        switch self {
        case .seconds(let seconds): HumanText.duration(seconds)
        case .everything: "everything"
        case .unknown(let bound?): "unknown, at most \(HumanText.duration(bound))"
        case .unknown(nil): "unknown"
        }
    }
}
