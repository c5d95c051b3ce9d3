package import FoundationEssentials

/// What was measured at a moment, kept for a look back. What was not known is `nil`.
package struct HistorySample: Sendable, Hashable {
    /// When it was measured.
    package var time: Date
    /// The health: `ok`, `warning` or `critical`.
    package var health: String
    /// Seconds of data that would be lost if the database were damaged; infinity when all would be, `nil` when unknown.
    package var exposureSeconds: Double?
    /// Age of what the newest restorable backup brings back, in seconds; counted from the first start when there is none.
    package var backupAgeSeconds: Double?
    /// Backups in the repository.
    package var backups: Int64?
    /// What the repository takes, in bytes.
    package var repositoryBytes: Int64?
    /// Free space on its file system, in bytes.
    package var freeBytes: Int64?
    /// Whether the database answered.
    package var isDatabaseReachable: Bool
    /// Size of all databases of the server that could be asked, in bytes.
    package var databaseBytes: Int64?
    /// Memory of the daemon in bytes.
    package var residentBytes: Int64?
    /// Processor time that the daemon's process has used since its start, in seconds.
    package var cpuSeconds: Double?

    package init(
        time: Date,
        health: String,
        exposureSeconds: Double? = nil,
        backupAgeSeconds: Double? = nil,
        backups: Int64? = nil,
        repositoryBytes: Int64? = nil,
        freeBytes: Int64? = nil,
        isDatabaseReachable: Bool,
        databaseBytes: Int64? = nil,
        residentBytes: Int64? = nil,
        cpuSeconds: Double? = nil
    ) {
        self.time = time
        self.health = health
        self.exposureSeconds = exposureSeconds
        self.backupAgeSeconds = backupAgeSeconds
        self.backups = backups
        self.repositoryBytes = repositoryBytes
        self.freeBytes = freeBytes
        self.isDatabaseReachable = isDatabaseReachable
        self.databaseBytes = databaseBytes
        self.residentBytes = residentBytes
        self.cpuSeconds = cpuSeconds
    }
}
