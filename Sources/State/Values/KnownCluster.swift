package import FoundationEssentials

/// The identity of the cluster that was backed up last: another one behind the same address is worth an alert.
package struct KnownCluster: Sendable, Hashable, Codable {
    /// PostgreSQL's system identifier, decimal.
    package var systemIdentifier: String
    /// The server's version as it shows it, e.g. `15.20`.
    package var serverVersion: String
    /// When it was seen first.
    package var firstSeenAt: Date
    /// When it was seen last.
    package var lastSeenAt: Date

    package init(systemIdentifier: String, serverVersion: String, firstSeenAt: Date, lastSeenAt: Date) {
        self.systemIdentifier = systemIdentifier
        self.serverVersion = serverVersion
        self.firstSeenAt = firstSeenAt
        self.lastSeenAt = lastSeenAt
    }
}
