/// Which kind of backup the schedule takes.
package enum BackupMethod: String, Sendable, Hashable, CaseIterable {
    /// What the server and the role allow, which is `base`.
    case auto
    /// The whole cluster over the replication protocol.
    case base
    /// One database with pg_dump.
    case dump
}
