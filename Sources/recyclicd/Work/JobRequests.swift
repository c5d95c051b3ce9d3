import Blocking
import Configuration
import Logging
import Protection
import Repository
import State

/// How each kind of job is asked for, and what follows on a backup.
struct JobRequests: Sendable {
    let backup: BackupWork
    let dump: DumpWork
    let verify: VerifyWork
    let drill: DrillWork
    let retention: RetentionWork
    let runner: JobRunner
    let settings: SettingsStore
    let logger: Logger

    /// Queues a job.
    @discardableResult
    func submit(_ request: JobRequest) async throws -> JobID {
        try await runner.submit(request)
    }

    func backup(requestedBy: String) -> JobRequest {
        JobRequest(kind: .backup, target: nil, requestedBy: requestedBy, joinKey: "backup base") { context in
            try await storing(context) { try await backup.run(context) }
        }
    }

    func dump(requestedBy: String, only databases: [String]? = nil) -> JobRequest {
        // Who wants all of them is not served by a job that dumps some.
        let joinKey = "backup dump" + (databases.map { " \($0.sorted())" } ?? "")
        return JobRequest(kind: .dump, target: nil, requestedBy: requestedBy, joinKey: joinKey) { context in
            try await storing(context) { try await dump.run(context, only: databases) }
        }
    }

    /// A dump of the databases whose last dump failed; of all when that is not known.
    func dumpOfFailed(requestedBy: String) async throws -> JobRequest {
        dump(requestedBy: requestedBy, only: try await dump.failedDatabases())
    }

    /// What a scheduled drill restores.
    func drillTargets(_ method: BackupMethodDecision.Method, cluster: String?) async throws -> [String] {
        try await drill.targets(method, cluster: cluster)
    }

    /// Does what stores backups, and sees to what follows on it.
    private func storing(_ context: JobContext, _ work: () async throws -> JobResult) async throws -> JobResult {
        do {
            let result = try await work()
            if !result.backups.isEmpty { await follow(context.id) }
            return result
        } catch let error as any OperatorError where error.code == RepositoryError.Code.diskFull.word {
            await makeRoom(context.id)
            throw error
        }
    }

    func verify(_ target: String, full: Bool, requestedBy: String) -> JobRequest {
        JobRequest(kind: .verify, target: target, requestedBy: requestedBy, joinKey: "verify \(target) \(full)") {
            try await verify.run($0, target: target, full: full)
        }
    }

    func drill(_ target: String, requestedBy: String) -> JobRequest {
        JobRequest(kind: .drill, target: target, requestedBy: requestedBy, joinKey: "drill \(target)") {
            try await drill.run($0, target: target)
        }
    }

    func retention(requestedBy: String) -> JobRequest {
        JobRequest(kind: .retention, target: nil, requestedBy: requestedBy, joinKey: "retention") {
            try await retention.apply($0)
        }
    }

    /// What a backup is followed by for which there was no room: what earlier retentions gave up may be ripe to be removed, and
    /// no backup that succeeds will come and do it.
    private func makeRoom(_ id: JobID) async {
        do {
            try await submit(retention(requestedBy: "after \(id)"))
        } catch {
            logger.warning("retention could not be queued after a full disk, ignoring: \(error)")
        }
    }

    /// What a stored backup is followed by: what it stored is read back, and retention decides anew.
    private func follow(_ id: JobID) async {
        do {
            if settings.current.verify != .off {
                try await submit(verify("all", full: false, requestedBy: "after \(id)"))
            }
            try await submit(retention(requestedBy: "after \(id)"))
        } catch let error as JobError where error.code == JobError.stopping.code {
            logger.debug("what follows on a backup is left to the next one, for the daemon stops")
        } catch {
            logger.warning("what follows on a backup could not be queued, ignoring: \(error)")
        }
    }
}
