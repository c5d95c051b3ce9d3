/// Where "fine" ends. Durations in seconds, sizes in bytes; a value that equals a threshold is still fine.
package struct HealthThresholds: Sendable, Hashable {
    /// Without any backup: how long after the first start that is only a warning.
    package var firstBackupSeconds: Double
    /// `ALERT_BACKUP_AGE_WARNING`: age of the newest restorable point.
    package var restorablePointWarningSeconds: Double
    /// `ALERT_BACKUP_AGE_CRITICAL`: age of the newest restorable backup.
    package var backupAgeCriticalSeconds: Double
    /// `ALERT_DISK_SPACE_WARNING`: free bytes below which it is a warning.
    package var freeWarningBytes: Int64
    /// `ALERT_DISK_SPACE_CRITICAL`: free bytes below which it is critical.
    package var freeCriticalBytes: Int64
    /// Time until the repository's file system is full below which it is a warning.
    package var fullInWarningSeconds: Double
    /// Age of the last verify run.
    package var verifyAgeWarningSeconds: Double
    /// Age of the last passed drill.
    package var drillAgeWarningSeconds: Double
    /// `ALERT_RTO_MINUTES`: how long a restore may take.
    package var restoreObjectiveSeconds: Double

    package init(
        firstBackupSeconds: Double = 3600,
        restorablePointWarningSeconds: Double = 6 * 3600,
        backupAgeCriticalSeconds: Double = 25 * 3600,
        freeWarningBytes: Int64 = 5 << 30,
        freeCriticalBytes: Int64 = 1 << 30,
        fullInWarningSeconds: Double = 7 * 86_400,
        verifyAgeWarningSeconds: Double = 14 * 86_400,
        drillAgeWarningSeconds: Double = 35 * 86_400,
        restoreObjectiveSeconds: Double = 4 * 3600
    ) {
        self.firstBackupSeconds = firstBackupSeconds
        self.restorablePointWarningSeconds = restorablePointWarningSeconds
        self.backupAgeCriticalSeconds = backupAgeCriticalSeconds
        self.freeWarningBytes = freeWarningBytes
        self.freeCriticalBytes = freeCriticalBytes
        self.fullInWarningSeconds = fullInWarningSeconds
        self.verifyAgeWarningSeconds = verifyAgeWarningSeconds
        self.drillAgeWarningSeconds = drillAgeWarningSeconds
        self.restoreObjectiveSeconds = restoreObjectiveSeconds
    }
}
