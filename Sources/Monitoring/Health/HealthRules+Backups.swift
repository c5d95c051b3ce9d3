import FoundationEssentials

extension HealthRules {
    /// Whether there is something to restore, and how old it is.
    func backups() -> [HealthReason] {
        var reasons: [HealthReason] = []
        if let trouble = measurements.repositoryTrouble {
            reasons.append(
                HealthReason(
                    .repositoryUnusable,
                    .critical,
                    "the repository can't be used\(since(trouble.since)): \(trouble.message); "
                        + "nothing can be backed up or restored until it can",
                    since: trouble.since,
                    hint: trouble.hint ?? "Run: recyclicctl doctor"
                )
            )
        }
        // Backups that can't be listed are neither there nor missing; the reason above says it all.
        if let count = measurements.backupCount {
            if count == 0 {
                reasons.append(noBackup())
            } else if let newest = measurements.newestRestorable {
                if let reason = backupAge(of: newest) { reasons.append(reason) }
            } else {
                reasons.append(noRestorableBackup(count))
            }
        }
        if let failure = measurements.lastBackupFailure {
            reasons.append(
                HealthReason(
                    .lastBackupFailed,
                    failureLevel,
                    "the last backup failed \(ago(failure.failedAt)) (job \(failure.jobID)): \(failure.message); "
                        + keptAfterFailure,
                    since: failure.failedAt,
                    hint: failure.hint ?? "Run: recyclicctl jobs show \(failure.jobID)"
                )
            )
        }
        if let findings = measurements.newestWithFindings {
            reasons.append(
                HealthReason(
                    .checksumFindings,
                    .critical,
                    "the server found \(HumanText.count(findings.count, "wrong checksum")) in its own files during backup "
                        + "'\(findings.backupID)', \(ago(findings.foundAt)); the database itself is damaged, "
                        + "and this backup holds the damage as it was",
                    since: findings.foundAt,
                    hint:
                        "Run: recyclicctl backups show \(findings.backupID), check the disk, and keep an older backup: "
                        + "recyclicctl backups pin ID"
                )
            )
        }
        return reasons
    }

    private func noBackup() -> HealthReason {
        let isLate = measurements.firstStart.map { age($0) > thresholds.firstBackupSeconds } ?? false
        let sinceWhen = measurements.firstStart.map { " since recyclicd was first started \(ago($0))" } ?? ""
        return HealthReason(
            .noBackup,
            isLate ? .critical : .warning,
            "no backup has ever succeeded\(sinceWhen); if the database is damaged now, everything is lost",
            since: measurements.firstStart,
            hint: "Run: recyclicctl trigger-backup"
        )
    }

    private func noRestorableBackup(_ count: Int) -> HealthReason {
        HealthReason(
            .noRestorableBackup,
            .critical,
            "none of the \(HumanText.count(count, "backup")) can be restored whole; "
                + "if the database is damaged now, data is lost for good",
            hint: "Run: recyclicctl trigger-backup, then recyclicctl verify all"
        )
    }

    private func backupAge(of newest: HealthMeasurements.Backup) -> HealthReason? {
        let seconds = age(newest.restorablePoint)
        let loss = "if the database is damaged now, what was written in the last \(HumanText.duration(seconds)) is lost"
        if seconds > thresholds.backupAgeCriticalSeconds {
            return HealthReason(
                .backupAge,
                .critical,
                "the newest restorable backup, '\(newest.id)', is \(HumanText.duration(seconds)) old "
                    + "(limit \(HumanText.duration(thresholds.backupAgeCriticalSeconds))); \(loss)",
                since: newest.restorablePoint.addingTimeInterval(thresholds.backupAgeCriticalSeconds),
                hint: "Run: recyclicctl trigger-backup"
            )
        }
        if seconds > thresholds.restorablePointWarningSeconds {
            return HealthReason(
                .restorablePointAge,
                .warning,
                "the newest restorable point, the end of backup '\(newest.id)', is \(HumanText.duration(seconds)) old "
                    + "(limit \(HumanText.duration(thresholds.restorablePointWarningSeconds))); \(loss)",
                since: newest.restorablePoint.addingTimeInterval(thresholds.restorablePointWarningSeconds),
                hint: "Run: recyclicctl trigger-backup, or set BACKUP_SCHEDULE to run more often",
                // With one backup a day it is so for most of the day: true, and no news.
                isToldOnce: true
            )
        }
        return nil
    }

    /// A failed attempt is critical when there is nothing else, and a warning while an older backup still stands.
    private var failureLevel: HealthLevel {
        measurements.newestRestorable == nil ? .critical : .warning
    }

    private var keptAfterFailure: String {
        guard let newest = measurements.newestRestorable else { return "there is no backup to fall back on" }
        return "backup '\(newest.id)' (\(ago(newest.restorablePoint))) is still the newest restorable one"
    }
}
