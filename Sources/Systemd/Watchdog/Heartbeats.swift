import Synchronization

/// The vital signs of a service's parts, shared by them.
package final class Heartbeats: Sendable {
    /// What a part holds, to show progress.
    package struct Heart: Sendable {
        fileprivate let heartbeats: Heartbeats
        fileprivate let part: Int

        /// Shows that the part has come around. Costs a lock: call it per round, not per piece of work.
        package func beat() {
            heartbeats.signs.withLock { $0.note(part, now: .now) }
        }
    }

    private let signs = Mutex(VitalSigns())

    package init() {}

    /// Adds a part.
    ///
    /// - Parameters:
    ///   - name: What the log calls it.
    ///   - patience: How long it may take from one sign to the next, with plenty to spare: a wrong alarm ends the service.
    package func part(_ name: String, patience: Duration) -> Heart {
        Heart(heartbeats: self, part: signs.withLock { $0.add(name, patience: patience, now: .now) })
    }

    /// The names of the parts that are stuck.
    package var stuckParts: [String] {
        signs.withLock { $0.stuck(now: .now).map(\.name) }
    }
}
