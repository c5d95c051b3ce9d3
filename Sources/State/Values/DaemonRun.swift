package import FoundationEssentials

/// A run of the daemon: one that has no end was not stopped.
package struct DaemonRun: Sendable, Hashable, Codable {
    /// When it began.
    package var startedAt: Date
    /// The daemon's version.
    package var version: String
    /// When it was stopped.
    package var endedAt: Date?

    package init(startedAt: Date, version: String, endedAt: Date? = nil) {
        self.startedAt = startedAt
        self.version = version
        self.endedAt = endedAt
    }
}
