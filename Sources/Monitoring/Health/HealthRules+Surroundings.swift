import FoundationEssentials

extension HealthRules {
    /// What protection needs around it: the database, space, a clock, another machine.
    func surroundings() -> [HealthReason] {
        [database(), disk(), filling(), retention(), clock(), offsite(), state()].compactMap { $0 }
    }

    private func database() -> HealthReason? {
        guard let trouble = measurements.databaseTrouble else { return nil }
        return HealthReason(
            .databaseUnreachable,
            .critical,
            "the database can't be reached\(since(trouble.since)): \(trouble.message); no backup can be taken meanwhile",
            since: trouble.since,
            hint: trouble.hint ?? "Run: recyclicctl doctor"
        )
    }

    private func disk() -> HealthReason? {
        guard let free = measurements.freeBytes, free < thresholds.freeWarningBytes else { return nil }
        let isCritical = free < thresholds.freeCriticalBytes
        let limit = isCritical ? thresholds.freeCriticalBytes : thresholds.freeWarningBytes
        return HealthReason(
            .diskSpace,
            isCritical ? .critical : .warning,
            "the repository's file system has \(HumanText.size(free)) free (limit \(HumanText.size(limit))); "
                + (isCritical
                    ? "no backup is taken until there is more"
                    : "backups stop at \(HumanText.size(thresholds.freeCriticalBytes))"),
            hint: "Free some space, or look at what would go: recyclicctl retention plan"
        )
    }

    /// Says so before there is too little, not beside it.
    private func filling() -> HealthReason? {
        guard let seconds = measurements.fullInSeconds, seconds < thresholds.fullInWarningSeconds, disk() == nil else {
            return nil
        }
        return HealthReason(
            .diskFilling,
            .warning,
            "the repository's file system will be full in \(HumanText.duration(seconds)) if it goes on filling as it did; "
                + "backups stop before that",
            hint: "Free some space, or look at what would go: recyclicctl retention plan"
        )
    }

    private func retention() -> HealthReason? {
        guard let trouble = measurements.retentionTrouble else { return nil }
        return HealthReason(
            .retentionBlocked,
            .warning,
            "old backups are not removed\(since(trouble.since)): \(trouble.message); the repository grows until they are",
            since: trouble.since,
            hint: trouble.hint ?? "Run: recyclicctl retention plan"
        )
    }

    private func clock() -> HealthReason? {
        if let newest = measurements.newestRestorable,
            newest.restorablePoint.timeIntervalSince(now) > Self.clockToleranceSeconds
        {
            let ahead = HumanText.duration(newest.restorablePoint.timeIntervalSince(now))
            return HealthReason(
                .clockJumped,
                .warning,
                "backup '\(newest.id)' is dated \(ahead) after now: the clock is wrong or was wrong then; "
                    + "ages and the schedule can't be trusted until the two agree",
                hint: "Run: timedatectl, and turn on time synchronisation: sudo timedatectl set-ntp true"
            )
        }
        guard let jump = measurements.clockJump else { return nil }
        let direction = jump.seconds < 0 ? "back" : "forward"
        return HealthReason(
            .clockJumped,
            .warning,
            "the clock was set \(direction) by \(HumanText.duration(abs(jump.seconds))) (noticed \(ago(jump.noticedAt))); "
                + "ages and the schedule follow the new time",
            since: jump.noticedAt,
            hint: "Run: timedatectl, and turn on time synchronisation: sudo timedatectl set-ntp true"
        )
    }

    private func offsite() -> HealthReason? {
        switch measurements.offsite {
        case .waived:
            return nil
        case .missing:
            return HealthReason(
                .noOffsiteCopy,
                .warning,
                "there is no copy of the backups on another machine; if this machine is lost, everything is lost",
                hint: "Copy the repository to another machine, or set BACKUP_OFFSITE_URL=none if that is taken care of"
            )
        }
    }

    private func state() -> HealthReason? {
        guard !measurements.isStatePersistent else { return nil }
        return HealthReason(
            .stateNotPersistent,
            .warning,
            "the state directory can't be written: jobs, events and drills are forgotten when recyclicd ends",
            hint: "Check the state directory's owner and free space, then run: systemctl restart recyclicd"
        )
    }
}
