/// What the server says before a base backup's data.
package struct BaseBackupStart: Sendable {
    /// A tablespace in the backup.
    package struct Tablespace: Hashable, Sendable {
        /// Its OID; `nil` is the main data directory.
        package let oid: UInt32?
        /// Its path at the server; `nil` for the main data directory.
        package let path: String?
        /// Its size as the server estimated it, in bytes; a multiple of 1024.
        package let estimatedBytes: Int64?
    }

    /// Where recovery from this backup begins.
    package let position: TimelinePosition
    /// What is in it, in the order in which it comes.
    package let tablespaces: [Tablespace]

    /// The size of all tablespaces as the server estimated it, in bytes.
    package var estimatedBytes: Int64 {
        tablespaces.reduce(0) { $0 + ($1.estimatedBytes ?? 0) }
    }
}
