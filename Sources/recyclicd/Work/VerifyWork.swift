import Blocking
import Configuration
import ControlAPI
import Foundation
import Logging
import Monitoring
import Repository
import State
import Synchronization

/// Verifies the repository as a job, and remembers what was read, so that the next run need not read it again.
struct VerifyWork: Sendable {
    /// After how long an object that was read once is read again although nothing asks for a full run.
    static let trustSeconds: TimeInterval = 30 * 86_400

    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder

    /// - Parameters:
    ///   - target: A backup, `latest` or `all`.
    ///   - full: Whether to read what was read before. Even then the frames of a pack are decoded only once: bytes that
    ///     still have their SHA-256 decode to what they did.
    func run(_ context: JobContext, target: String, full: Bool) async throws -> JobResult {
        let started = Date()
        let known = try await state.verifiedObjects(since: full ? nil : started - Self.trustSeconds)
        let knownDamage = Set(try await state.damagedObjects().map(\.name))
        let damaged = Set(knownDamage.compactMap { ObjectName.digest(of: $0) })
        let repository = try await repository.open()
        let scratch = settings.current.paths.stateDirectory
        let (report, verified) = try await onThread("verify", cancelling: context.cancellation) {
            let lock = try repository.lockForReading(patience: .seconds(60), cancellation: context.cancellation)
            defer { lock.release() }
            let verified = Mutex<[ListedObject]>([])
            let options = VerifyOptions(
                backups: target == "all" ? nil : [try repository.listing().resolve(target).summary],
                damaged: damaged,
                isFull: full,
                decoding: .unverified,
                scratchFolder: scratch,
                verifiedSize: { known[$0]?.sizeBytes },
                onVerified: { object in verified.withLock { $0.append(object) } },
                cancellation: context.cancellation,
                progress: context.meter
            )
            return (try Verifier(repository, options: options).run(), verified.withLock { $0 })
        }
        try await remember(report, verified, target: target, full: full, started: started)
        var result = try Self.result(report, full: full, started: started)
        result.events = WorkEvents.verified(
            before: knownDamage,
            after: Set(try await state.damagedObjects().map(\.name)),
            affected: report.affectedBackups.map(\.description)
        )
        return result
    }

    private func remember(
        _ report: FoundDamage,
        _ verified: [ListedObject],
        target: String,
        full: Bool,
        started: Date
    ) async throws {
        let now = Date()
        let bad = report.damaged + report.missing
        try await state.recordVerification(
            verified: verified.map { VerifiedObject(name: $0.name, sizeBytes: $0.size, verifiedAt: now) },
            damaged: bad.map { State.DamagedObject(name: $0.name, foundAt: now, reason: $0.reason) }
        )
        if target == "all" {
            let names = Set(bad.map(\.name))
            let mended = try await state.damagedObjects().map(\.name).filter { !names.contains($0) }
            try await state.forgetObjects(mended)
        }
        let run = VerifyRun(
            startedAt: started,
            finishedAt: now,
            scope: target == "all" ? "all" : report.backups.first?.description ?? target,
            isFull: full,
            objectsChecked: report.checkedObjects,
            bytesRead: report.checkedBytes,
            damagedObjects: bad.map(\.name),
            affectedBackups: report.affectedBackups.map(\.description)
        )
        // What was found may take something from backups that nobody asked for.
        let backups = Set(report.backups).union(report.affectedBackups).sorted().map { backup in
            BackupVerification(
                backupID: backup.description,
                verifiedAt: now,
                damagedObjects: bad.filter { $0.affects.contains(backup) }.map(\.name)
            )
        }
        try await state.recordVerifyRun(run, backups: backups)
    }

    private static func result(_ report: FoundDamage, full: Bool, started: Date) throws -> JobResult {
        var result = JobResult(
            report: try JSONText(encoding: VerifyDescription.describe(report, full: full, started: started))
        )
        let bad = report.damaged + report.missing
        if !bad.isEmpty {
            let objects = HumanText.count(report.damaged.count + report.missing.count, "damaged object")
            let backups = HumanText.count(report.affectedBackups.count, "backup")
            result.badNews = JobFailure(
                code: "damageFound",
                message: "\(objects) found, affecting \(backups)",
                hint: DamageKind.advice(on: Set(bad.map { DamageKind(ofObject: $0.name) }))
            )
        }
        return result
    }
}
