/// When each part of a service last showed progress, and whether one is stuck. Pure: time comes from outside.
///
/// A part shows progress whenever it comes around: also when there was nothing to do, and also while what it waits for, a
/// server or a long job, takes its time. Only a part that does not come around any more is stuck.
package struct VitalSigns: Sendable {
    /// A part as it is known.
    package struct Part: Sendable, Hashable {
        /// Its name, for the log.
        package let name: String
        /// How long a sound part may take from one sign to the next.
        package let patience: Duration
        /// When it last showed progress, by a clock that does not count the time in which the machine slept.
        package var lastSign: SuspendingClock.Instant
    }

    /// The parts, in the order in which they were added.
    package private(set) var parts: [Part] = []

    package init() {}

    /// Adds a part, which is alive now.
    ///
    /// - Returns: Its number.
    package mutating func add(_ name: String, patience: Duration, now: SuspendingClock.Instant) -> Int {
        parts.append(Part(name: name, patience: patience, lastSign: now))
        return parts.count - 1
    }

    /// Notes that a part shows progress.
    package mutating func note(_ part: Int, now: SuspendingClock.Instant) {
        parts[part].lastSign = max(parts[part].lastSign, now)
    }

    /// The parts that have been silent for longer than they may. The service manager is told that all is well only while there
    /// is none.
    package func stuck(now: SuspendingClock.Instant) -> [Part] {
        parts.filter { $0.lastSign.duration(to: now) > $0.patience }
    }
}
