/// What a restore would do: `restore --preview` shows it, `--json` as it is.
package struct RestorePreview: Codable, Sendable, Hashable {
    /// Where a tablespace goes.
    package struct Tablespace: Codable, Sendable, Hashable {
        /// Its OID.
        package var oid: UInt32
        /// Where it was on the source.
        package var original: String
        /// The folder that will hold its files.
        package var restored: String

        package init(oid: UInt32, original: String, restored: String) {
            self.oid = oid
            self.original = original
            self.restored = restored
        }
    }

    /// The backup's id.
    package var backup: String
    /// The system identifier of its cluster.
    package var cluster: String
    /// The data directory to be.
    package var target: String
    /// Who will own it.
    package var owner: String
    /// The sum of all files' sizes, without WAL, in bytes.
    package var logicalBytes: Int64
    /// Files, folders and links.
    package var files: Int
    /// The WAL that will be replayed, as files, in bytes.
    package var walBytes: Int64
    /// Free space on the target's file system, in bytes.
    package var freeBytes: Int64
    /// What would start: `PostgreSQL 15`.
    package var server: String
    /// PostgreSQL's major version.
    package var majorVersion: Int
    /// The timeline that is recovered along; the restored server begins the next one.
    package var timeline: UInt32
    /// Where replay starts.
    package var startLSN: String
    /// Where the restored server opens.
    package var endLSN: String
    /// The tablespaces.
    package var tablespaces: [Tablespace]
    /// The settings that will differ from the source's.
    package var settingsChanged: [SettingChange]
    /// Findings that the backup carries.
    package var findings: Int
}
