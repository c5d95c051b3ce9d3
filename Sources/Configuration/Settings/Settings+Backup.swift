extension Settings {
    /// What is backed up, how and when.
    package struct Backup: Sendable, Equatable {
        /// How chunks are compressed.
        package let compression: Compression
        /// What protects.
        package let method: BackupMethod
        /// When backups run: `BACKUP_SCHEDULE`, else daily at `BACKUP_TIME` and `BACKUP_MINUTE`.
        package let schedule: BackupSchedule
        /// When dumps run; `nil` as the method has it.
        package let dumpSchedule: BackupSchedule?
        /// The databases that dumps are taken of; `nil` for all that may be connected to, templates aside.
        package let dumpDatabases: [String]?
        /// An IANA name that `TimeZone(identifier:)` knows; all schedules are meant in it.
        package let timeZone: String
        /// A scheduled run starts up to this many seconds late, 0 to 3600.
        package let jitterSeconds: Int
        /// Whether a repository without any backup gets one at once.
        package let onFirstStart: Bool
        /// Threads that compress, 1 to 64.
        package let workers: Int
        /// Whether the operator said `BACKUP_OFFSITE_URL=none`: no standing warning about the missing copy elsewhere.
        package let isOffsiteWaived: Bool
    }
}
