import FoundationEssentials

extension HealthRules {
    /// What protection needs around it: the database, space, a clock, another machine, somebody who is told.
    func surroundings() -> [HealthReason] {
        [database(), disk(), filling(), retention(), clock(), offsite(), state(), delivery()].compactMap { $0 }
    }

    private func database() -> HealthReason? {
        guard let trouble = measurements.databaseTrouble else { return nil }
        return HealthReason(.databaseUnreachable(trouble), .critical, since: trouble.since)
    }

    private func disk() -> HealthReason? {
        guard let free = measurements.freeBytes, free < thresholds.freeWarningBytes else { return nil }
        let isCritical = free < thresholds.freeCriticalBytes
        return HealthReason(
            .diskSpace(
                freeBytes: free,
                limitBytes: isCritical ? thresholds.freeCriticalBytes : thresholds.freeWarningBytes,
                stopBytes: thresholds.freeCriticalBytes
            ),
            isCritical ? .critical : .warning
        )
    }

    /// Says so before there is too little, not beside it.
    private func filling() -> HealthReason? {
        guard let seconds = measurements.fullInSeconds, seconds < thresholds.fullInWarningSeconds, disk() == nil else {
            return nil
        }
        return HealthReason(.diskFilling(inSeconds: seconds), .warning)
    }

    private func retention() -> HealthReason? {
        guard let trouble = measurements.retentionTrouble else { return nil }
        return HealthReason(.retentionBlocked(trouble), .warning, since: trouble.since)
    }

    private func clock() -> HealthReason? {
        if let newest = measurements.newestRestorable,
            newest.restorablePoint.timeIntervalSince(now) > Self.clockToleranceSeconds
        {
            let ahead = newest.restorablePoint.timeIntervalSince(now)
            return HealthReason(.backupFromFuture(backupID: newest.id, aheadSeconds: ahead), .warning)
        }
        guard let jump = measurements.clockJump else { return nil }
        return HealthReason(
            .clockJumped(seconds: jump.seconds, ageSeconds: age(jump.noticedAt)),
            .warning,
            since: jump.noticedAt
        )
    }

    private func offsite() -> HealthReason? {
        switch measurements.offsite {
        case .waived: nil
        // It stands until there is one: true, and no news each half hour.
        case .missing: HealthReason(.noOffsiteCopy, .warning, isToldOnce: true)
        }
    }

    private func state() -> HealthReason? {
        measurements.isStatePersistent ? nil : HealthReason(.stateNotPersistent, .warning)
    }

    /// One recipient that can't be reached is a warning as long as others are; when nobody is, alerts are worth nothing.
    private func delivery() -> HealthReason? {
        guard !measurements.deliveryTroubles.isEmpty else { return nil }
        return HealthReason(
            .alertDelivery(measurements.deliveryTroubles, isAnybodyReached: measurements.isAnybodyReached),
            measurements.isAnybodyReached ? .warning : .critical,
            since: measurements.deliveryTroubles.map(\.since).min()
        )
    }
}
