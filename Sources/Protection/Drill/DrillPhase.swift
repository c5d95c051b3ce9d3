/// One step of a drill and how long it took.
package struct DrillPhase: Sendable, Hashable, Codable {
    /// The steps, in order.
    package enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        /// Making an empty cluster, for a dump.
        case initialize
        /// Writing the data directory.
        case restore
        /// Looking through the WAL for what must not be replayed.
        case scan
        /// From starting the server to its first replayed record; for a dump, until it takes connections.
        case boot
        /// Replaying WAL until the server is promoted and takes connections.
        case replay
        /// Making roles and database and loading the dump.
        case load
        /// Reading tables and indexes.
        case checks
        /// Stopping the server cleanly.
        case stop
        /// Checking every page's checksum.
        case checksums
    }

    /// The steps that a real restore has too.
    package static let recovering: Set<Name> = [.initialize, .restore, .boot, .replay, .load]

    /// Which step.
    package let name: Name
    /// How long it took, in seconds.
    package let seconds: Double

    package init(name: Name, seconds: Double) {
        self.name = name
        self.seconds = seconds
    }
}
