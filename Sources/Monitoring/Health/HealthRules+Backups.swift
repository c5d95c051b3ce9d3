import FoundationEssentials

extension HealthRules {
    /// Whether there is something to restore, and how old it is.
    func backups() -> [HealthReason] {
        var reasons: [HealthReason] = []
        if let trouble = measurements.repositoryTrouble {
            reasons.append(HealthReason(.repositoryUnusable(trouble), .critical, since: trouble.since))
        }
        // Backups that can't be listed are neither there nor missing; the reason above says it all.
        if let count = measurements.backupCount {
            if count == 0 {
                reasons.append(noBackup())
            } else if let newest = measurements.newestRestorable {
                if let reason = backupAge(of: newest) { reasons.append(reason) }
            } else {
                reasons.append(HealthReason(.noRestorableBackup(count: count), .critical))
            }
        }
        if measurements.backupCount != nil {
            if let reason = dumpAge() { reasons.append(reason) }
            if let dump = measurements.incompleteDump {
                let fact = HealthFact.dumpIncomplete(backupID: dump.backupID, database: dump.database)
                // The role lacks a right, and so it stays until somebody gives it one.
                reasons.append(HealthReason(fact, .warning, since: dump.takenAt, isToldOnce: true))
            }
        }
        if let leftOut = measurements.leftOut {
            // Where base backups hold them too it stays so until somebody gives the right, and is no news.
            let fact = HealthFact.databaseLeftOut(leftOut.databases, isOnly: leftOut.isOnly)
            reasons.append(HealthReason(fact, .warning, isToldOnce: !leftOut.isOnly))
        }
        if let failure = measurements.lastBackupFailure { reasons.append(lastBackupFailed(failure)) }
        if let findings = measurements.newestWithFindings {
            let fact = HealthFact.checksumFindings(
                backupID: findings.backupID,
                count: findings.count,
                ageSeconds: age(findings.foundAt)
            )
            reasons.append(HealthReason(fact, .critical, since: findings.foundAt))
        }
        return reasons
    }

    private func noBackup() -> HealthReason {
        let age = measurements.firstStart.map(age)
        let isLate = age.map { $0 > thresholds.firstBackupSeconds } ?? false
        return HealthReason(
            .noBackup(ageSeconds: age),
            isLate ? .critical : .warning,
            since: measurements.firstStart
        )
    }

    private func backupAge(of newest: HealthMeasurements.Backup) -> HealthReason? {
        let seconds = age(newest.restorablePoint)
        if seconds > thresholds.backupAgeCriticalSeconds {
            let limit = thresholds.backupAgeCriticalSeconds
            return HealthReason(
                .backupAge(backupID: newest.id, ageSeconds: seconds, limitSeconds: limit),
                .critical,
                since: newest.restorablePoint.addingTimeInterval(limit)
            )
        }
        if seconds > thresholds.restorablePointWarningSeconds {
            let limit = thresholds.restorablePointWarningSeconds
            return HealthReason(
                .restorablePointAge(backupID: newest.id, ageSeconds: seconds, limitSeconds: limit),
                .warning,
                since: newest.restorablePoint.addingTimeInterval(limit),
                // With one backup a day it is so for most of the day: true, and no news.
                isToldOnce: true
            )
        }
        return nil
    }

    /// The database whose dumps are the latest.
    private func dumpAge() -> HealthReason? {
        let late = measurements.dumps.filter { dump in
            // How old the newest of all is, where nothing else protects, is told by the age of the backup.
            (!dump.isOnly || dump.newest == nil) && age(dump.newest ?? dump.expectedSince) > dump.limitSeconds
        }
        guard let worst = late.max(by: { age($0.newest ?? $0.expectedSince) < age($1.newest ?? $1.expectedSince) })
        else {
            return nil
        }
        return HealthReason(
            .dumpAge(
                database: worst.database,
                ageSeconds: worst.newest.map(age),
                limitSeconds: worst.limitSeconds,
                isOnly: worst.isOnly
            ),
            worst.isOnly ? .critical : .warning,
            since: (worst.newest ?? worst.expectedSince).addingTimeInterval(worst.limitSeconds)
        )
    }

    /// A failed attempt is critical when there is nothing else, and a warning while an older backup still stands or may stand.
    private func lastBackupFailed(_ failure: HealthMeasurements.FailedRun) -> HealthReason {
        let standing: HealthFact.Standing =
            if let newest = measurements.newestRestorable {
                .backup(id: newest.id, ageSeconds: age(newest.restorablePoint))
            } else {
                measurements.backupCount == nil ? .unknown : .nothing
            }
        return HealthReason(
            .lastBackupFailed(failure, ageSeconds: age(failure.failedAt), standing: standing),
            standing == .nothing ? .critical : .warning,
            since: failure.failedAt
        )
    }
}
