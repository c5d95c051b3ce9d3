package import Monitoring

/// How the problems differ in the way they are told.
extension HealthReasonCode {
    /// How long the problem must last before it is told, in seconds; `nil`: not at this level, however long it lasts.
    func pendingSeconds(at level: HealthLevel, policy: AlertPolicy) -> Double? {
        switch self {
        case .noBackup:
            // A warning for the first hour, in which somebody is still setting things up; then it is critical.
            level == .critical ? 0 : nil
        case .drillNever:
            // The first weekly drill comes by itself.
            8 * 86_400
        case .verifyNever:
            // So does the verification after the first scheduled backup.
            26 * 3600
        case .noOffsiteCopy:
            3600
        case .databaseUnreachable, .repositoryUnusable, .alertDelivery, .stale:
            // After a pause of the machine the figures are old until the next are there.
            policy.pendingSeconds
        case .diskSpace, .diskFilling:
            // Temporary files come and go; a disk that is full does not wait.
            level == .critical ? 0 : policy.pendingSeconds
        case .noRestorableBackup, .backupAge, .restorablePointAge, .lastBackupFailed, .checksumFindings, .verifyFailed,
            .dumpAge, .dumpIncomplete, .databaseLeftOut, .verifyAge, .drillFailed, .drillCannotJudge, .drillAge,
            .objectiveMissed,
            .retentionBlocked, .clockJumped, .stateNotPersistent:
            0
        }
    }

    /// Whether the problem may come and go by itself, so that one look without it does not mean that it is over.
    var mayReturn: Bool {
        switch self {
        case .databaseUnreachable, .repositoryUnusable, .alertDelivery, .diskSpace, .diskFilling, .stateNotPersistent,
            .stale:
            true
        case .noBackup, .noRestorableBackup, .backupAge, .restorablePointAge, .lastBackupFailed, .checksumFindings,
            .dumpAge, .dumpIncomplete, .databaseLeftOut,
            .verifyFailed, .verifyNever, .verifyAge, .drillFailed, .drillCannotJudge, .drillNever, .drillAge,
            .objectiveMissed, .retentionBlocked, .clockJumped, .noOffsiteCopy:
            false
        }
    }

    /// What takes its place when it gets worse than it can say. While one of these is there, its own reason is gone and nothing is
    /// over.
    package var successors: [HealthReasonCode] {
        switch self {
        case .diskFilling: [.diskSpace]
        case .restorablePointAge: [.backupAge, .noRestorableBackup, .noBackup]
        case .backupAge: [.noRestorableBackup, .noBackup]
        case .noRestorableBackup: [.noBackup]
        case .noBackup: [.noRestorableBackup]
        // How old the last drill that passed is, and that one could not judge, is not said beside one that failed.
        case .drillAge, .drillCannotJudge: [.drillFailed]
        default: []
        }
    }

    /// Whether those who come second are told at once when it is critical: an objective is a promise to others, and when alerts
    /// reach nobody of those who come first, nobody is there who could acknowledge anything.
    var escalatesAtOnce: Bool {
        switch self {
        case .objectiveMissed, .alertDelivery: true
        default: false
        }
    }
}
