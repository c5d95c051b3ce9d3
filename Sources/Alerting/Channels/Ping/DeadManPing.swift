package import Monitoring

/// When to tell a service outside this machine that protection is good, so that it notices when nobody says so any more.
///
/// A ping means "protection is good now", not "the process is alive": a daemon that runs but has no fresh figures, or
/// whose health is critical, says so or is silent. Only decides; ``PingSender`` sends.
package struct DeadManPing: Sendable {
    /// What is said.
    package enum Signal: Sendable, Hashable {
        /// Protection is good.
        case good
        /// It is not.
        case bad
    }

    /// Figures are taken every minute; older ones than this say nothing about now. In seconds.
    package static let freshSeconds = 300.0
    /// What was said is said again after so long.
    package static let interval = Duration.seconds(300)
    /// What did not arrive is said again after so long.
    package static let retry = Duration.seconds(60)

    private struct Said {
        var signal: Signal
        var at: ContinuousClock.Instant
        var hasArrived: Bool
    }

    private var last: Said?

    package init() {}

    /// What is to be said of a state.
    ///
    /// - Parameters:
    ///   - level: The health.
    ///   - figuresAgeSeconds: How old the figures are that it was judged by; `nil` when there are none yet.
    /// - Returns: `nil` when there is nothing to say yet.
    package static func signal(level: HealthLevel, figuresAgeSeconds: Double?) -> Signal? {
        guard let figuresAgeSeconds else { return nil }
        return level < .critical && figuresAgeSeconds <= freshSeconds ? .good : .bad
    }

    /// Whether to say something now; to be asked every minute or more often.
    ///
    /// - Parameters:
    ///   - level: The health.
    ///   - figuresAgeSeconds: How old the figures are that it was judged by; `nil` when there are none yet.
    ///   - now: The moment.
    /// - Returns: What to send; ``arrived(_:)`` wants to hear what came of it.
    package mutating func next(
        level: HealthLevel,
        figuresAgeSeconds: Double?,
        at now: ContinuousClock.Instant
    ) -> Signal? {
        guard let signal = Self.signal(level: level, figuresAgeSeconds: figuresAgeSeconds) else { return nil }
        if let last, last.signal == signal,
            now < last.at.advanced(by: last.hasArrived ? Self.interval : Self.retry)
        {
            return nil
        }
        last = Said(signal: signal, at: now, hasArrived: false)
        return signal
    }

    /// Notes that what ``next(level:figuresAgeSeconds:at:)`` gave last has arrived, or not.
    package mutating func arrived(_ hasArrived: Bool) {
        last?.hasArrived = hasArrived
    }
}
