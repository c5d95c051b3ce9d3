import Blocking
import Configuration
import ControlAPI
import Foundation
import Logging
import Protection
import Repository
import State

/// Applies the retention policy: deletes what it removes, then collects garbage.
struct RetentionWork: Sendable {
    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder

    /// What the policy says at this moment.
    func plan() async throws -> (policy: RetentionPolicy, decisions: [Protection.RetentionDecision]) {
        let settings = settings.current
        let verifications = try await state.backupVerifications()
        let decisions = try await repository.use { repository in
            try Self.decide(repository.listing(), verifications, settings, now: Date())
        }
        return (Self.policy(settings), decisions)
    }

    /// What the policy says of the backups of a listing. Pure.
    ///
    /// - Throws: ``RetentionHeldBack`` when something of them can't be read.
    static func decide(
        _ listing: BackupListing,
        _ verifications: [String: BackupVerification],
        _ settings: Settings,
        now: Date
    ) throws -> [Protection.RetentionDecision] {
        // What can't be read may be a pin or a proof: better to keep too much.
        if let unreadable = listing.unreadable.keys.min() { throw RetentionHeldBack(unreadable: unreadable) }
        return RetentionPlan.make(
            backups: listing.backups.map { backup in
                let isIntact = verifications[backup.id.description]?.isIntact ?? true
                return RetentionCandidate(
                    id: backup.id.description,
                    cluster: backup.summary.cluster,
                    series: backup.summary.series,
                    startedAt: backup.summary.startedAt.date,
                    condition: !isIntact ? .damaged : backup.summary.defects > 0 ? .marked : .good,
                    isPinned: backup.marks.isPinned,
                    provedAt: backup.marks.proof?.at.date
                )
            },
            policy: policy(settings),
            now: now,
            timeZone: settings.timeZone
        )
    }

    private static func policy(_ settings: Settings) -> RetentionPolicy {
        .generations(
            daily: settings.retention.daily,
            weekly: settings.retention.weekly,
            monthly: settings.retention.monthly
        )
    }

    /// The decisions as the control interface gives them.
    static func describe(_ decisions: [Protection.RetentionDecision]) -> [ControlAPI.RetentionDecision] {
        decisions.map {
            ControlAPI.RetentionDecision(backup: $0.backupID, keep: $0.keep, reasons: $0.reasons.map(\.text))
        }
    }

    /// Deletes what the plan removes and collects garbage.
    func apply(_ context: JobContext) async throws -> JobResult {
        context.meter.enter("planning")
        let (_, decisions) = try await plan()
        let removed = decisions.filter { !$0.keep }
        let removedIDs = Set(removed.map(\.backupID))
        let repository = try await repository.open()
        let settings = settings.current
        let damaged = Set(try await state.damagedObjects().compactMap { ObjectName.digest(of: $0.name) })
        let collection = try await onThread("retention", cancelling: context.cancellation) {
            let lock = try repository.lockForWriting(patience: .seconds(30), cancellation: context.cancellation)
            defer { lock.release() }
            let doomed = try repository.backups().filter {
                // Somebody may have pinned it since the plan was made.
                removedIDs.contains($0.id.description) && !$0.marks.isPinned
            }
            return try GarbageCollector(
                repository,
                lock: lock,
                damaged: damaged,
                reserve: Int64(settings.alerts.diskSpaceCriticalBytes),
                spareFolder: settings.paths.stateDirectory,
                cancellation: context.cancellation,
                progress: context.meter
            ).run(deleting: doomed.map(\.summary), by: "retention")
        }
        let deletedIDs = Set(collection.deletedBackups.map(\.description))
        for decision in removed where deletedIDs.contains(decision.backupID) {
            context.logger.info(
                "removed \(decision.backupID): \(decision.text)",
                metadata: [LogKey.backup: "\(decision.backupID)"]
            )
        }
        try await state.forgetBackups(deletedIDs)
        if collection.sweptObjects > 0 {
            context.logger.info("removed \(collection.sweptObjects) objects, \(collection.sweptBytes) bytes")
        }
        var warnings = collection.notes
        if collection.isSweepPutOff {
            warnings.append("a reader was at work, so nothing was swept; the next run does it")
        }
        return JobResult(
            report: try JSONText(encoding: Self.describe(decisions)),
            warnings: warnings,
            events: WorkEvents.removed(Array(deletedIDs), freedBytes: collection.sweptBytes).map { [$0] } ?? []
        )
    }
}
