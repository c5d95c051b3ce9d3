import Blocking
import CLinux
import Configuration
import ControlAPI
import Foundation
import Glibc
import Logging
import Protection
import Repository
import State

/// Rehearses a restore as a job, remembers the result, and marks a backup that it proved.
struct DrillWork: Sendable {
    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder

    func run(_ context: JobContext, target: String) async throws -> JobResult {
        let settings = settings.current
        let started = Date()
        let options = try Self.options(settings, job: context.id)
        let repository = try await repository.open()
        let result = try await onThread("drill", cancelling: context.cancellation) {
            try Self.drill(target, of: repository, options, context)
        }
        var warnings: [String] = []
        if result.verdict == .passed {
            do {
                try await mark(result, author: "drill \(context.id)", context)
            } catch let error as RepositoryError {
                warnings.append("the proof could not be marked in the repository: \(error.message)")
            }
        }
        let record = try await state.recordDrill(Self.record(result, job: context.id, started: started))
        var job = Self.jobResult(
            result,
            report: try JSONText(encoding: DrillDescription.describe(result, number: record.id, started: started)),
            warnings: warnings
        )
        job.events = [WorkEvents.drilled(result, number: record.id)]
        return job
    }

    /// What a scheduled drill restores, by ``DrillChoice``.
    ///
    /// - Parameters:
    ///   - method: What protects.
    ///   - cluster: The server that is protected, as far as it is known.
    func targets(_ method: BackupMethodDecision.Method, cluster: String?) async throws -> [String] {
        let drills = try await state.drills(limit: 200)
        let backups = try await repository.use { try $0.backups() }
        let wanted = try await state.value(.dumpedDatabases)
        let targets = DrillChoice.targets(
            backups.map { backup in
                DrillChoice.Candidate(
                    id: backup.id.description,
                    cluster: backup.summary.cluster,
                    database: backup.summary.database,
                    isDump: backup.id.kind == .dump
                )
            },
            cluster: cluster,
            drilled: Dictionary(drills.map { ($0.backupID, $0.finishedAt) }) { max($0, $1) },
            wanted: wanted,
            method: method,
            now: Date()
        )
        // Without any backup the job says so itself.
        return targets.isEmpty ? ["latest"] : targets
    }

    /// Drills. That a backup can't be opened is a verdict on it too.
    private static func drill(
        _ target: String,
        of repository: Repository,
        _ options: DrillOptions,
        _ context: JobContext
    ) throws -> DrillResult {
        let listing = try repository.listing()
        var backup = listing.unreadableManifest(named: target)?.id
        let contents: BackupContents
        do {
            let listed = try listing.resolve(target)
            backup = listed.id
            contents = try BackupContents(
                repository: repository,
                manifest: try repository.manifest(object: listed.summary.object),
                cancellation: context.cancellation
            )
        } catch let error as RepositoryError {
            guard let backup else { throw error }
            return DrillResult(unopened: backup, error)
        }
        return try Protection.Drill(
            contents,
            options: options,
            cancellation: context.cancellation,
            progress: context.meter
        ).run()
    }

    /// The proof outlives the daemon's memory: retention never removes the last backup that a drill proved.
    private func mark(_ result: DrillResult, author: String, _ context: JobContext) async throws {
        try await repository.use { repository in
            let lock = try repository.lockForWriting(patience: .seconds(30), cancellation: context.cancellation)
            defer { lock.release() }
            let listed = try repository.listing().resolve(result.backup.description)
            _ = try repository.addMark(.drill, to: listed.summary, by: author, details: result.proof)
        }
    }

    private static func options(_ settings: Settings, job: JobID) throws -> DrillOptions {
        var statements: [DrillStatement] = []
        if let file = settings.drill.checksFile {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw DrillChecksError(path: file)
            }
            statements = DrillStatement.parse(text)
        }
        return DrillOptions(
            jobID: job.description,
            directory: settings.drill.directory,
            runtimeDirectory: settings.paths.runtimeDirectory,
            user: settings.drill.user,
            programs: settings.postgres.binDirectory,
            timeout: .seconds(settings.drill.timeoutMinutes * 60),
            statements: statements,
            sourceUser: SocketOwner.user(ofServerAt: settings.postgres.host, port: settings.postgres.port),
            workers: max(2, settings.backup.workers),
            reservedBytes: Int64(settings.alerts.diskSpaceCriticalBytes)
        )
    }

    private static func record(_ result: DrillResult, job: JobID, started: Date) -> DrillRecord {
        DrillRecord(
            jobID: job,
            backupID: result.backup.description,
            startedAt: started,
            finishedAt: Date(),
            verdict: State.DrillVerdict(rawValue: result.verdict.rawValue) ?? .cannotJudge,
            reason: result.reasons.first,
            phases: result.phases.map { State.DrillPhase(name: $0.name.rawValue, seconds: $0.seconds) },
            checks: result.checks.map { check in
                let verdict: State.DrillVerdict =
                    switch check.state {
                    case .passed: .passed
                    case .failed: .failed
                    case .cannotJudge, .notProtected: .cannotJudge
                    }
                return State.DrillCheck(name: check.name, verdict: verdict, message: check.detail)
            }
        )
    }

    private static func jobResult(_ result: DrillResult, report: JSONText, warnings: [String]) -> JobResult {
        var job = JobResult(backups: [result.backup.description], report: report, warnings: warnings)
        let reason = result.reasons.first ?? "no reason is known"
        switch result.verdict {
        case .passed: break
        case .failed:
            job.badNews = JobFailure(code: "drillFailed", message: reason, hint: result.hints.first)
        case .cannotJudge:
            job.badNews = JobFailure(
                code: "drillCannotJudge",
                message: "cannot judge: \(reason)",
                hint: result.hints.first
            )
        }
        return job
    }
}
