/// Which kind of backup protects.
package enum BackupMethod: String, Sendable, Hashable, CaseIterable {
    /// `base` where the server and the role allow it, else `dump`.
    case auto
    /// The whole cluster over the replication protocol.
    case base
    /// Each database by itself, with pg_dump.
    case dump
}
