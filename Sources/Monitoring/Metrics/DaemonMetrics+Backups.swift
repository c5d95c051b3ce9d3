import FoundationEssentials
import State

extension DaemonMetrics {
    /// What there is to restore.
    func backups() -> [MetricFamily] {
        var last: [String: CollectedFacts.Backup] = [:]
        for backup in facts.backups ?? [] { last[backup.kind] = backup }
        let kinds = last.keys.sorted()
        func each(_ value: (CollectedFacts.Backup) -> Double?) -> [Sample] {
            kinds.compactMap { kind in last[kind].flatMap(value).map { Sample($0, [Label("kind", kind)]) } }
        }
        return [
            Self.family(
                "backup_age_seconds",
                "Age of what the newest restorable backup brings back; counted from the first start when there is none.",
                facts.backupAge(now: now)
            ),
            Self.family(
                "backups",
                "Backups in the repository.",
                facts.backups.map { Double($0.count) }
            ),
            Self.family(
                "backups_pinned",
                "Backups that an operator pinned.",
                facts.backups.map { _ in Double(facts.pinnedBackups) }
            ),
            Self.family(
                "backups_proved",
                "Backups of which a drill passed.",
                facts.backups.map { _ in Double(facts.provedBackups) }
            ),
            Self.family(
                "retention_backups",
                "What the retention policy says of the backups now.",
                facts.retention.map { counts in
                    [("keep", counts.keep), ("remove", counts.remove)].map {
                        Sample(Double($0.1), [Label("decision", $0.0)])
                    }
                } ?? []
            ),
            Self.family(
                "backup_last_finished_timestamp_seconds",
                "When the newest backup was complete.",
                each { $0.finishedAt.timeIntervalSince1970 }
            ),
            Self.family(
                "backup_last_duration_seconds",
                "How long the newest backup took.",
                each(\.durationSeconds)
            ),
            Self.family(
                "backup_last_logical_bytes",
                "What the newest backup holds.",
                each { Double($0.logicalBytes) }
            ),
            Self.family(
                "backup_last_stored_bytes",
                "What the newest backup takes in the repository, what others need as well included.",
                each { $0.storedBytes.map(Double.init) }
            ),
            Self.family(
                "backup_last_added_bytes",
                "What the newest backup added to the repository.",
                each { Double($0.addedBytes) }
            ),
        ]
    }

    /// Where it lies.
    func repository() -> [MetricFamily] {
        [
            Self.family(
                "repository_up",
                "Whether the repository can be used: 1 or 0.",
                facts.measurements.repositoryTrouble == nil ? 1 : 0
            ),
            Self.family(
                "repository_size_bytes",
                "What the repository takes.",
                facts.repositoryBytes.map(Double.init)
            ),
            Self.family(
                "repository_free_bytes",
                "Free space on the repository's file system.",
                facts.measurements.freeBytes.map(Double.init)
            ),
            Self.family(
                "repository_capacity_bytes",
                "Size of the repository's file system.",
                facts.capacityBytes.map(Double.init)
            ),
            Self.family(
                "repository_full_in_seconds",
                "Time until the repository's file system is full, if it goes on filling as it did.",
                facts.measurements.fullInSeconds
            ),
        ]
    }

    /// What says that it can be restored.
    func proofs() -> [MetricFamily] {
        let drill = facts.lastDrill
        return [
            Self.family(
                "verify_last_finished_timestamp_seconds",
                "When the repository was verified last.",
                facts.lastVerify?.finishedAt.timeIntervalSince1970
            ),
            Self.family(
                "verify_last_duration_seconds",
                "How long the last verification took.",
                facts.lastVerify.map { $0.finishedAt.timeIntervalSince($0.startedAt) }
            ),
            Self.family(
                "verify_last_read_bytes",
                "What the last verification read.",
                facts.lastVerify.map { Double($0.bytesRead) }
            ),
            Self.family(
                "verify_damaged_objects",
                "Objects of the repository known to be damaged or missing.",
                facts.measurements.lastVerify.map { Double($0.damagedObjects) }
            ),
            Self.family(
                "verify_affected_backups",
                "Backups that need one of those.",
                facts.measurements.lastVerify.map { Double($0.affectedBackups) }
            ),
            Self.family(
                "drill_last_finished_timestamp_seconds",
                "When a restore was rehearsed last.",
                drill?.finishedAt.timeIntervalSince1970
            ),
            Self.family(
                "drill_last_passed_timestamp_seconds",
                "When a rehearsal passed last.",
                facts.measurements.lastPassedDrill?.timeIntervalSince1970
            ),
            Self.family(
                "drill_last_verdict",
                "The last drill's verdict: 1 for what it says, 0 for the others.",
                drill.map { drill in
                    DrillVerdict.allCases.map { Sample($0 == drill.verdict ? 1 : 0, [Label("verdict", $0.rawValue)]) }
                } ?? []
            ),
            Self.family(
                "drill_last_duration_seconds",
                "How long the last drill took.",
                drill.map { $0.finishedAt.timeIntervalSince($0.startedAt) }
            ),
            Self.family(
                "drill_last_phase_duration_seconds",
                "How long the parts of the last drill took.",
                (drill?.phases ?? []).map { Sample($0.seconds, [Label("phase", $0.name)]) }
            ),
        ]
    }
}
