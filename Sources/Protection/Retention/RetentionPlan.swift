package import Foundation

/// Which backups stay and which go. A pure function: same backups, policy, time and zone, same answer, in whatever order
/// the backups are given. Applied and asked again it removes nothing more.
///
/// Each cluster (system identifier) is judged by itself, by the same policy: after pg_upgrade the new cluster's backups
/// take no places of the old one's. So are, within a cluster, base backups and the dumps of each database. An old cluster gets no
/// new backups, so its last ones stay until an operator deletes them; by a policy in days they go with time, but for those that
/// always stay.
///
/// These always stay, of each of them: the newest backup that can be restored whole (where there is none, the best there
/// is), the last one that a drill proved, pinned ones, unfinished ones, and ones dated after now, which take no places
/// either.
///
/// A place is given to the best backup of its day, week or month: one that nothing is known against, else one with
/// checksum findings; among equals the newest. Damaged backups take no places: one that is all its day (week, month) has
/// stays as long as the places are not taken by newer ones.
package enum RetentionPlan {
    /// Decides for each backup.
    ///
    /// - Parameters:
    ///   - backups: All backups there are; ids must differ.
    ///   - policy: How many to keep.
    ///   - now: The time.
    ///   - timeZone: The zone in which days begin.
    /// - Returns: One decision for each backup, newest first.
    package static func make(
        backups: [RetentionCandidate],
        policy: RetentionPolicy,
        now: Date,
        timeZone: TimeZone
    ) -> [RetentionDecision] {
        let clock = LocalClock(timeZone: timeZone)
        // Of every series by itself: base backups that don't come any more are not made old by dumps that do.
        let sound = backups.filter { isCounted($0, now) && $0.condition != .damaged }
        let newest = Dictionary(sound.map { ($0.series, $0.startedAt) }, uniquingKeysWith: max)
        var decisions: [String: RetentionDecision] = [:]
        for series in Dictionary(grouping: backups, by: { [$0.cluster, $0.series] }) {
            for decision in decide(series.value, policy, now: now, newest: newest[series.key[1]] ?? now, clock) {
                decisions[decision.backupID] = decision
            }
        }
        return backups.sorted(by: isNewer).compactMap { decisions[$0.id] }
    }

    private static func decide(
        _ backups: [RetentionCandidate],
        _ policy: RetentionPolicy,
        now: Date,
        newest: Date,
        _ clock: LocalClock
    ) -> [RetentionDecision] {
        var reasons = RetentionReasons()
        for backup in backups {
            if backup.isPinned { reasons.add(.pinned, to: backup.id) }
            if backup.condition == .running {
                reasons.add(.running, to: backup.id)
            } else if backup.startedAt > now {
                reasons.add(.datedInFuture, to: backup.id)
            }
        }
        let counted = backups.filter { isCounted($0, now) }.sorted(by: isNewer)
        if let backup = counted.first(where: { $0.condition == .good }) {
            reasons.add(.newestRestorable, to: backup.id)
        } else if let backup = counted.first(where: { $0.condition == .marked }) ?? counted.first {
            // Nothing is sure to be good; the best there is must not go with time.
            reasons.add(.bestAvailable, to: backup.id)
        }
        let proved = counted.filter { $0.provedAt != nil && $0.condition != .damaged }
        if let backup = proved.max(by: { ($0.provedAt ?? .distantPast) < ($1.provedAt ?? .distantPast) }) {
            reasons.add(.lastProved, to: backup.id)
        }

        var standing: [String: String] = [:]
        switch policy {
        case .generations(let daily, let weekly, let monthly):
            let day = { (backup: RetentionCandidate) in clock.day(at: second(backup)) }
            for (name, backup) in places(counted, daily, by: { day($0).text }) {
                reasons.add(.daily(name), to: backup.id)
                standing[name] = backup.id
            }
            for (name, backup) in places(counted, weekly, by: { day($0).weekText }) {
                reasons.add(.weekly(name), to: backup.id)
            }
            for (name, backup) in places(counted, monthly, by: { day($0).monthText }) {
                reasons.add(.monthly(name), to: backup.id)
            }
        case .days(let days):
            let limit = newest.addingTimeInterval(-Double(max(0, days)) * 86_400)
            for backup in counted where backup.startedAt >= limit { reasons.add(.withinDays(days), to: backup.id) }
        }

        return backups.map { backup in
            if let kept = reasons[backup.id] {
                return RetentionDecision(backupID: backup.id, keep: true, reasons: kept)
            }
            let day = clock.day(at: second(backup)).text
            let reason = standing[day].map { RetentionReason.anotherStands(day: day, backupID: $0) } ?? .beyond(policy)
            return RetentionDecision(backupID: backup.id, keep: false, reasons: [reason])
        }
    }

    /// The backups that stand for the newest periods, until so many of them have one that is not damaged.
    ///
    /// - Parameters:
    ///   - backups: The backups that count, newest first.
    ///   - count: How many periods.
    ///   - period: The name of a backup's period.
    private static func places(
        _ backups: [RetentionCandidate],
        _ count: Int,
        by period: (RetentionCandidate) -> String
    ) -> [(period: String, backup: RetentionCandidate)] {
        var order: [String] = []
        var best: [String: RetentionCandidate] = [:]
        for backup in backups {
            let name = period(backup)
            if let present = best[name] {
                // Newest first, so the present one is newer: only a better condition replaces it.
                if backup.condition.rawValue > present.condition.rawValue { best[name] = backup }
            } else {
                order.append(name)
                best[name] = backup
            }
        }
        var taken = 0
        var places: [(period: String, backup: RetentionCandidate)] = []
        for name in order {
            guard taken < count else { break }
            guard let backup = best[name] else { continue }
            places.append((name, backup))
            if backup.condition != .damaged { taken += 1 }
        }
        return places
    }

    /// Whether a backup's age and rank mean something.
    private static func isCounted(_ backup: RetentionCandidate, _ now: Date) -> Bool {
        backup.condition != .running && backup.startedAt <= now
    }

    private static func isNewer(_ left: RetentionCandidate, _ right: RetentionCandidate) -> Bool {
        left.startedAt == right.startedAt ? left.id > right.id : left.startedAt > right.startedAt
    }

    private static func second(_ backup: RetentionCandidate) -> Int {
        Int(backup.startedAt.timeIntervalSince1970.rounded(.down))
    }
}
