import Synchronization

/// Counts requests for figures and their durations.
package final class ReceptionMeter: Sendable {
    /// What was counted so far.
    package struct Counts: Sendable, Hashable {
        /// Requests that the statistics were asked for while they are on.
        package var requests = 0
        /// Those that got no figures.
        package var errors = 0
        /// Seconds that they took in all, the failed ones included.
        package var seconds = 0.0
        /// How many took no longer than each of ``ReceptionMeter/bounds``.
        package var buckets = [Int](repeating: 0, count: ReceptionMeter.bounds.count)
    }

    /// Seconds: the buckets that Prometheus' client libraries have by default, as the application's metrics have.
    package static let bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

    private let counted = Mutex(Counts())

    package init() {}

    /// What was counted so far.
    package var counts: Counts { counted.withLock { $0 } }

    /// Counts a request.
    package func record(seconds: Double, isError: Bool) {
        counted.withLock { counts in
            counts.requests += 1
            if isError { counts.errors += 1 }
            counts.seconds += seconds
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts.buckets[index] += 1 }
        }
    }
}
