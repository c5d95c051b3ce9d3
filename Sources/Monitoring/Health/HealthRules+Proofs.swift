import FoundationEssentials
import State

extension HealthRules {
    /// Whether the backups were proved to be good. Without a backup there is nothing to prove.
    func proofs() -> [HealthReason] {
        guard (measurements.backupCount ?? 0) > 0 else { return [] }
        return [verify(), drill(), drillAge()].compactMap { $0 }
    }

    private func verify() -> HealthReason? {
        guard let last = measurements.lastVerify else {
            return HealthReason(
                .verifyNever,
                .warning,
                "the repository has never been verified; whether its bytes are still right is not known",
                hint: "Run: recyclicctl verify all"
            )
        }
        if last.damagedObjects > 0 {
            return HealthReason(
                .verifyFailed,
                .critical,
                "verify found \(HumanText.count(last.damagedObjects, "damaged or missing object")) \(ago(last.finishedAt)); "
                    + (last.affectedBackups == 0
                        ? "no backup needs them"
                        : "\(HumanText.count(last.affectedBackups, "backup")) can't be restored whole"),
                since: last.finishedAt,
                hint: DamageKind.advice(on: last.kinds)
            )
        }
        guard age(last.finishedAt) > thresholds.verifyAgeWarningSeconds else { return nil }
        return HealthReason(
            .verifyAge,
            .warning,
            "the repository was last verified \(ago(last.finishedAt)); damage since then would not have been noticed",
            since: last.finishedAt.addingTimeInterval(thresholds.verifyAgeWarningSeconds),
            hint: "Run: recyclicctl verify all"
        )
    }

    private func drill() -> HealthReason? {
        guard let last = measurements.lastDrill else {
            return HealthReason(
                .drillNever,
                .warning,
                "no restore has ever been rehearsed; whether a backup gives a running database is not proved",
                hint: "Run: recyclicctl drill"
            )
        }
        let reason = last.reason.map { ": \($0)" } ?? ""
        switch last.verdict {
        case .passed:
            return nil
        case .failed:
            return HealthReason(
                .drillFailed,
                .critical,
                "the drill of backup '\(last.backupID)' failed \(ago(last.finishedAt))\(reason); "
                    + "a real restore of it would most likely fail, too",
                since: last.finishedAt,
                hint: "Run: recyclicctl drill show, then recyclicctl trigger-backup and recyclicctl drill"
            )
        case .cannotJudge:
            return HealthReason(
                .drillCannotJudge,
                .warning,
                "the drill of backup '\(last.backupID)' could not judge it \(ago(last.finishedAt))\(reason); "
                    + "the backup may be good, it is not proved",
                since: last.finishedAt,
                hint: "Run: recyclicctl doctor, mend what it names, then recyclicctl drill",
                isToldOnce: last.isAcknowledged
            )
        }
    }

    private func drillAge() -> HealthReason? {
        // Before the first drill and after a failed one the reasons above say more than an age.
        guard let last = measurements.lastDrill, last.verdict != .failed else { return nil }
        guard let passed = measurements.lastPassedDrill else { return nil }
        guard age(passed) > thresholds.drillAgeWarningSeconds else { return nil }
        return HealthReason(
            .drillAge,
            .warning,
            "the last rehearsed restore that passed was \(ago(passed)); whether today's backups give a running database "
                + "is not proved",
            since: passed.addingTimeInterval(thresholds.drillAgeWarningSeconds),
            hint: "Run: recyclicctl drill"
        )
    }
}
