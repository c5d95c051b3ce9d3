import FoundationEssentials
import State

extension HealthRules {
    /// Whether the backups were proved to be good. Without a backup there is nothing to prove.
    func proofs() -> [HealthReason] {
        guard (measurements.backupCount ?? 0) > 0 else { return [] }
        return [verify(), drill(), drillAge(), objective()].compactMap { $0 }
    }

    private func verify() -> HealthReason? {
        guard let last = measurements.lastVerify else { return HealthReason(.verifyNever, .warning) }
        if last.damagedObjects > 0 {
            let damage = HealthFact.VerifyDamage(
                objects: last.damagedObjects,
                backups: last.affectedBackups,
                kinds: last.kinds
            )
            return HealthReason(
                .verifyFailed(damage, ageSeconds: age(last.finishedAt)),
                .critical,
                since: last.finishedAt
            )
        }
        guard age(last.finishedAt) > thresholds.verifyAgeWarningSeconds else { return nil }
        return HealthReason(
            .verifyAge(ageSeconds: age(last.finishedAt)),
            .warning,
            since: last.finishedAt.addingTimeInterval(thresholds.verifyAgeWarningSeconds)
        )
    }

    private func drill() -> HealthReason? {
        guard let last = measurements.lastDrill else { return HealthReason(.drillNever, .warning) }
        let age = age(last.finishedAt)
        switch last.verdict {
        case .passed:
            return nil
        case .failed:
            return HealthReason(
                .drillFailed(backupID: last.backupID, ageSeconds: age, reason: last.reason),
                .critical,
                since: last.finishedAt
            )
        case .cannotJudge:
            return HealthReason(
                .drillCannotJudge(backupID: last.backupID, ageSeconds: age, reason: last.reason),
                .warning,
                since: last.finishedAt,
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
            .drillAge(ageSeconds: age(passed)),
            .warning,
            since: passed.addingTimeInterval(thresholds.drillAgeWarningSeconds)
        )
    }

    /// How long a restore takes is known from the last one that came to its end.
    private func objective() -> HealthReason? {
        guard let passed = measurements.lastPassedDrill, let seconds = measurements.lastPassedDrillSeconds,
            seconds > thresholds.restoreObjectiveSeconds
        else { return nil }
        return HealthReason(
            .objectiveMissed(
                takenSeconds: seconds,
                limitSeconds: thresholds.restoreObjectiveSeconds,
                ageSeconds: age(passed)
            ),
            .critical,
            since: passed
        )
    }
}
