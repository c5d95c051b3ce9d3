package import FoundationEssentials
package import State

/// The clock that alerts go by: it counts seconds from the first start on, goes on over restarts, and is not set when the
/// wall clock is.
package struct AlertClock: Sendable {
    /// A reading that is written down, so that the next process can go on from it.
    package struct Mark: Sendable, Hashable, Codable {
        package var seconds: Double
        package var date: Date
        /// The clock since boot, where the kernel tells it.
        package var boot: ClockMark?

        package init(seconds: Double, date: Date, boot: ClockMark?) {
            self.seconds = seconds
            self.date = date
            self.boot = boot
        }
    }

    /// The longest time that is believed to have gone by while the machine was off, in seconds. The wall clock may be
    /// wrong after it.
    package static let longestAbsence = 7 * 86_400.0

    private let begun: Double
    private let instant: ContinuousClock.Instant

    /// Goes on from a mark.
    ///
    /// - Parameters:
    ///   - mark: The last one; `nil` at the first start.
    ///   - earliest: Where it begins at least, in seconds: what was noted by it is not to lie ahead.
    ///   - boot: The clock since boot, now.
    ///   - date: The wall clock, now.
    ///   - instant: Now.
    package init(
        after mark: Mark?,
        notBefore earliest: Double = 0,
        boot: ClockMark?,
        date: Date,
        at instant: ContinuousClock.Instant = .now
    ) {
        self.instant = instant
        begun = max(earliest, mark.map { $0.seconds + Self.absence(since: $0, boot: boot, date: date) } ?? 0)
    }

    /// The time by a reading of the wall clock.
    package func moment(_ date: Date = Date(), at instant: ContinuousClock.Instant = .now) -> AlertMoment {
        let gone = self.instant.duration(to: instant).components
        return AlertMoment(seconds: begun + max(0, Double(gone.seconds) + Double(gone.attoseconds) / 1e18), date: date)
    }

    /// How long nobody counted. Since the same boot the kernel did; else only the wall clock can say, within reason.
    static func absence(since mark: Mark, boot: ClockMark?, date: Date) -> Double {
        if let boot, let last = mark.boot, boot.bootID == last.bootID {
            return max(0, boot.secondsSinceBoot - last.secondsSinceBoot)
        }
        return min(max(0, date.timeIntervalSince(mark.date)), longestAbsence)
    }
}
