/// What can be wrong. The raw values are part of the `--json` output; the order is that of reasons of the same level.
package enum HealthReasonCode: String, Sendable, Hashable, CaseIterable, Codable {
    /// Nothing was measured for long.
    case stale
    /// The repository can't be opened, or is damaged where everything hangs on it.
    case repositoryUnusable
    /// There is no backup at all.
    case noBackup
    /// There are backups, and none of them can be restored whole.
    case noRestorableBackup
    /// The newest restorable backup is far too old.
    case backupAge
    /// The newest restorable point is older than one would like.
    case restorablePointAge
    /// The last attempt to take a backup failed.
    case lastBackupFailed
    /// A database was last dumped longer ago than the schedule of dumps has it.
    case dumpAge
    /// Something of a database is missing in its newest dump.
    case dumpIncomplete
    /// No dump can be taken of a database that dumps are to be taken of.
    case databaseLeftOut
    /// The server found wrong checksums while the newest backup was read.
    case checksumFindings
    /// The last verify run found damage.
    case verifyFailed
    /// The repository was never verified.
    case verifyNever
    /// The last verify run was long ago.
    case verifyAge
    /// The last drill says that the backup is bad.
    case drillFailed
    /// The last drill could not judge.
    case drillCannotJudge
    /// No restore was ever rehearsed.
    case drillNever
    /// The last passed drill was long ago.
    case drillAge
    /// The last drill that passed took longer than a restore may.
    case objectiveMissed
    /// The database does not answer.
    case databaseUnreachable
    /// The repository's file system is nearly full.
    case diskSpace
    /// The repository's file system will be full soon.
    case diskFilling
    /// Retention can't be applied, so the repository grows.
    case retentionBlocked
    /// The wall clock was set by a lot, or contradicts the backups.
    case clockJumped
    /// There is no copy on another machine.
    case noOffsiteCopy
    /// What the daemon remembers does not outlive its process.
    case stateNotPersistent
    /// Alerts do not reach a recipient.
    case alertDelivery
}
