extension Settings {
    /// From where on something is a warning or critical.
    package struct Alerts: Sendable, Equatable {
        /// Hours since the last backup that are critical, 1 to 8760.
        package let backupAgeCriticalHours: Int
        /// Hours since the last backup that are a warning, 1 to 8760.
        package let backupAgeWarningHours: Int
        /// Whether the operator chose `backupAgeWarningHours`. The default of 6 h makes no sense for a daily backup that
        /// is on time, so whoever judges may hold the schedule against the age while this is `false`.
        package let isBackupAgeWarningChosen: Bool
        /// Free bytes on the repository's disk below which it is critical.
        package let diskSpaceCriticalBytes: Int
        /// Free bytes on the repository's disk below which it is a warning.
        package let diskSpaceWarningBytes: Int
        /// How long a restore may take, in minutes, 1 to 10080.
        package let objectiveMinutes: Int
        /// How long a problem that may come and go must last before it is told, and be gone until it is over, in
        /// seconds, 0 to 3600.
        package let pendingSeconds: Int
    }
}
