package import State

/// What is wrong, as figures and names: what a catalogue makes sentences of, in whatever language.
///
/// Ages and limits are in seconds, sizes in bytes.
package enum HealthFact: Sendable, Hashable, Codable {
    /// Nothing was measured for so long.
    case stale(ageSeconds: Double)
    /// The repository can't be used.
    case repositoryUnusable(HealthMeasurements.Trouble)
    /// There is no backup; for how long recyclicd has been here, where that is known.
    case noBackup(ageSeconds: Double?)
    /// None of so many backups can be restored whole.
    case noRestorableBackup(count: Int)
    /// The newest restorable backup is far too old.
    case backupAge(backupID: String, ageSeconds: Double, limitSeconds: Double)
    /// The newest restorable point is older than one would like.
    case restorablePointAge(backupID: String, ageSeconds: Double, limitSeconds: Double)
    /// The last backup failed; with what there is beside it.
    case lastBackupFailed(HealthMeasurements.FailedRun, ageSeconds: Double, standing: Standing)
    /// A database was dumped too long ago, or never; `isOnly` when nothing else protects it.
    case dumpAge(database: String?, ageSeconds: Double?, limitSeconds: Double, isOnly: Bool)
    /// Something is missing in the newest dump of a database.
    case dumpIncomplete(backupID: String, database: String)
    /// Dumps leave databases out, for none can be taken of them; `isOnly` when nothing else protects them.
    case databaseLeftOut(LeftOutDatabases, isOnly: Bool)
    /// The server found wrong checksums in its own files.
    case checksumFindings(backupID: String, count: Int, ageSeconds: Double)
    /// Verify found damage.
    case verifyFailed(VerifyDamage, ageSeconds: Double)
    /// The repository was never verified.
    case verifyNever
    /// The last verify run was long ago.
    case verifyAge(ageSeconds: Double)
    /// The last drill says that the backup is bad.
    case drillFailed(backupID: String, ageSeconds: Double, reason: String?)
    /// The last drill could not judge.
    case drillCannotJudge(backupID: String, ageSeconds: Double, reason: String?)
    /// No restore was ever rehearsed.
    case drillNever
    /// The last passed drill was long ago.
    case drillAge(ageSeconds: Double)
    /// A restore takes longer than it may.
    case objectiveMissed(takenSeconds: Double, limitSeconds: Double, ageSeconds: Double)
    /// The database does not answer.
    case databaseUnreachable(HealthMeasurements.Trouble)
    /// There is little free space; below `stopBytes` no backup is taken.
    case diskSpace(freeBytes: Int64, limitBytes: Int64, stopBytes: Int64)
    /// The space will be used up soon.
    case diskFilling(inSeconds: Double)
    /// Retention can't be applied.
    case retentionBlocked(HealthMeasurements.Trouble)
    /// A backup is dated in the future.
    case backupFromFuture(backupID: String, aheadSeconds: Double)
    /// The clock was set: forward when positive, else back.
    case clockJumped(seconds: Double, ageSeconds: Double)
    /// There is no copy on another machine.
    case noOffsiteCopy
    /// What the daemon remembers does not outlive its process.
    case stateNotPersistent
    /// Alerts do not reach these recipients.
    case alertDelivery([HealthMeasurements.DeliveryTrouble], isAnybodyReached: Bool)

    /// What there is beside a failed backup.
    package enum Standing: Sendable, Hashable, Codable {
        /// The newest restorable one, and the age of what it brings back.
        case backup(id: String, ageSeconds: Double)
        /// No restorable one.
        case nothing
        /// The backups can't be listed.
        case unknown
    }

    /// What verify found.
    package struct VerifyDamage: Sendable, Hashable, Codable {
        /// How many objects are damaged or missing.
        package var objects: Int
        /// How many backups need one of them.
        package var backups: Int
        /// What kinds of objects they are.
        package var kinds: Set<DamageKind>

        package init(objects: Int, backups: Int, kinds: Set<DamageKind>) {
            self.objects = objects
            self.backups = backups
            self.kinds = kinds
        }
    }

    /// The stable word for it.
    package var code: HealthReasonCode {
        switch self {
        case .stale: .stale
        case .repositoryUnusable: .repositoryUnusable
        case .noBackup: .noBackup
        case .noRestorableBackup: .noRestorableBackup
        case .backupAge: .backupAge
        case .restorablePointAge: .restorablePointAge
        case .lastBackupFailed: .lastBackupFailed
        case .dumpAge: .dumpAge
        case .dumpIncomplete: .dumpIncomplete
        case .databaseLeftOut: .databaseLeftOut
        case .checksumFindings: .checksumFindings
        case .verifyFailed: .verifyFailed
        case .verifyNever: .verifyNever
        case .verifyAge: .verifyAge
        case .drillFailed: .drillFailed
        case .drillCannotJudge: .drillCannotJudge
        case .drillNever: .drillNever
        case .drillAge: .drillAge
        case .objectiveMissed: .objectiveMissed
        case .databaseUnreachable: .databaseUnreachable
        case .diskSpace: .diskSpace
        case .diskFilling: .diskFilling
        case .retentionBlocked: .retentionBlocked
        case .backupFromFuture, .clockJumped: .clockJumped
        case .noOffsiteCopy: .noOffsiteCopy
        case .stateNotPersistent: .stateNotPersistent
        case .alertDelivery: .alertDelivery
        }
    }
}
