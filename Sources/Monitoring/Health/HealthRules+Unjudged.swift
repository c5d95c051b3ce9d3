extension HealthRules {
    /// What can't be judged now. That a reason is not given is then no sign that it is over.
    func unjudged() -> Set<HealthReasonCode> {
        Set(
            HealthReasonCode.allCases.filter { code in
                switch code {
                case .noBackup, .noRestorableBackup, .backupAge, .restorablePointAge, .dumpAge, .dumpIncomplete,
                    .checksumFindings, .verifyFailed, .verifyNever, .verifyAge, .drillFailed, .drillCannotJudge,
                    .drillNever, .drillAge, .objectiveMissed:
                    measurements.backupCount == nil
                case .lastBackupFailed, .clockJumped:
                    // How bad the one is depends on what else there is; the other may be told from a backup's date.
                    measurements.backupCount == nil
                case .diskSpace, .diskFilling:
                    measurements.freeBytes == nil
                case .stale, .repositoryUnusable, .databaseUnreachable, .retentionBlocked, .noOffsiteCopy,
                    .stateNotPersistent, .databaseLeftOut, .alertDelivery:
                    false
                }
            }
        )
    }
}
