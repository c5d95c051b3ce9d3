/// What the server's backup manifest says apart from its files.
package struct ServerManifest: Sendable, Equatable {
    /// 1, or 2 from PostgreSQL 17 on.
    package var version: Int
    /// The cluster's identifier (version 2 on).
    package var systemIdentifier: UInt64?
    /// The write-ahead log a restore must replay.
    package var walRanges: [WALRange]
    /// How many files it names.
    package var fileCount: Int

    package init(version: Int, systemIdentifier: UInt64?, walRanges: [WALRange], fileCount: Int) {
        self.version = version
        self.systemIdentifier = systemIdentifier
        self.walRanges = walRanges
        self.fileCount = fileCount
    }
}
