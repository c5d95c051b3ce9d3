import Alerting
import Blocking
import ControlAPI
import FoundationEssentials
import Protection
import Repository
import State
import Varlink
import VarlinkServer

/// The methods of `org.recyclic.Control`: thin, each asks the part that knows.
struct ControlHandlers: Sendable {
    /// The longest reason for pinning a backup.
    private static let maximumReasonBytes = 500

    let state: StateStore
    let runner: JobRunner
    let repository: RepositoryHolder
    let reporter: StatusReporter
    let requests: JobRequests
    let retention: RetentionWork
    let alerts: AlertCenter
    let reception: ReceptionWork
    let methods: MethodWatch
    let doctor: @Sendable () async throws -> [DoctorFinding]
    let reload: @Sendable (_ author: String) async throws -> SettingsChange
    let events: EventRecorder
    /// What `/metrics` serves.
    let metrics: @Sendable () async -> String

    /// The interface with a handler for each of its methods.
    func interface() throws -> ServedInterface {
        var interface = try ServedInterface(ControlInterface.description)
        addBackups(to: &interface)
        addJobs(to: &interface)
        addWork(to: &interface)
        addRecords(to: &interface)
        addAlerts(to: &interface)
        addReception(to: &interface)
        interface.handle(GetStatus.name) { (_: GetStatus.Input, _) in try await reporter.status() }
        interface.handle(Doctor.name) { (_: Doctor.Input, _) in Doctor.Output(findings: try await doctor()) }
        interface.handle(Reload.name) { (_: Reload.Input, call) in
            let change = try await reload(Self.name(of: call.peer))
            return Reload.Output(
                changed: change.changed,
                warnings: change.warnings,
                needRestart: change.needRestart
            )
        }
        return interface
    }

    // MARK: - Backups

    private func addBackups(to interface: inout ServedInterface) {
        interface.handle(ListBackups.name) { (_: ListBackups.Input, _) in
            let backups = try await repository.use { try $0.backups() }
            return ListBackups.Output(backups: backups.reversed().map(BackupDescription.describe))
        }
        interface.handle(GetBackup.name) { (input: GetBackup.Input, _) in
            GetBackup.Output(
                details: try await repository.use { repository in
                    let listed = try ControlErrors.translating { try repository.listing().resolve(input.id) }
                    let manifest = try repository.manifest(object: listed.summary.object)
                    return BackupDescription.describe(listed, manifest: manifest)
                }
            )
        }
        interface.handle(PinBackup.name) { (input: PinBackup.Input, call) in
            let reason = try input.reason.map { ["reason": MarkValue.string(try Self.accepted(reason: $0))] } ?? [:]
            let author = Self.name(of: call.peer)
            let backup = try await mark(.pin, reason, by: author, finding: { try $0.resolve(input.id) })
            await events.record(Events.marked(.backupPinned, backup.id, by: author, reason: input.reason))
            return PinBackup.Output(backup: backup)
        }
        interface.handle(UnpinBackup.name) { (input: UnpinBackup.Input, call) in
            let author = Self.name(of: call.peer)
            let backup = try await mark(.unpin, by: author, finding: { try $0.resolveWhatIsLeft(of: input.id) })
            await events.record(Events.marked(.backupUnpinned, backup.id, by: author))
            return UnpinBackup.Output(backup: backup)
        }
        interface.handle(DeleteBackup.name) { (input: DeleteBackup.Input, call) in
            DeleteBackup.Output(backup: try await delete(input.id, by: Self.name(of: call.peer)))
        }
    }

    /// A reason is kept as long as the backup and shown in lists and on terminals: one short line of text.
    static func accepted(reason: String) throws -> String {
        guard reason.utf8.count <= maximumReasonBytes else {
            throw ControlErrors.invalid("the reason is longer than \(maximumReasonBytes) bytes")
        }
        // 0x00 to 0x1F, 0x7F and 0x80 to 0x9F steer terminals.
        guard !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ControlErrors.invalid("the reason holds a line break or another control character")
        }
        return reason
    }

    /// Says something of a backup; waits a little for a writer that is about to end.
    ///
    /// - Parameters:
    ///   - find: Finds the backup, with the lock held.
    ///   - check: Throws when that must not be said of this backup.
    private func mark(
        _ action: Mark.Action,
        _ details: [String: MarkValue] = [:],
        by author: String,
        finding find: @escaping @Sendable (BackupListing) throws -> ListedBackup,
        check: @escaping @Sendable (ListedBackup, BackupListing) throws -> Void = { _, _ in }
    ) async throws -> Backup {
        try await repository.use { repository in
            let lock = try repository.lockForWriting(patience: .seconds(5), cancellation: CancellationFlag())
            defer { lock.release() }
            let listing = try repository.listing()
            let listed = try ControlErrors.translating { try find(listing) }
            try check(listed, listing)
            _ = try repository.addMark(action, to: listed.summary, by: author, details: details)
            let after = try repository.listing().all.first { $0.summary.object == listed.summary.object }
            return BackupDescription.describe(after ?? listed)
        }
    }

    /// A backup whose manifest can't be read goes too: it would keep garbage collection from ever running.
    private func delete(_ id: String, by author: String) async throws -> Backup {
        let backup = try await mark(.delete, by: author, finding: { try $0.resolveWhatIsLeft(of: id) }) {
            (listed: ListedBackup, listing: BackupListing) in
            guard !listed.marks.isPinned else {
                throw ControlErrors.invalid(
                    "backup \(listed.id) is pinned",
                    hint: "Unpin it first: recyclicctl backups unpin \(listed.id)"
                )
            }
            // Dumps don't make up for a base backup, which is the whole server.
            guard
                listing.backups.contains(where: {
                    $0.summary.object != listed.summary.object && ($0.id.kind == .base || listed.id.kind == .dump)
                })
            else {
                throw ControlErrors.invalid(
                    "backup \(listed.id) is the only one",
                    hint: "Take another one first: recyclicctl trigger-backup"
                )
            }
        }
        await events.record(Events.marked(.backupDeleted, backup.id, by: author))
        try await state.forgetBackups([backup.id])
        try await state.forgetObjects([ObjectName.manifests(ofCluster: backup.cluster) + backup.fileName])
        return backup
    }

    // MARK: - Jobs

    private func addJobs(to interface: inout ServedInterface) {
        interface.handle(ListJobs.name) { (input: ListJobs.Input, _) in
            let limit = input.limit ?? 20
            guard (1...10_000).contains(limit) else {
                throw ControlErrors.invalid("limit is \(limit), not 1 to 10000")
            }
            var jobs: [ControlAPI.Job] = []
            for job in try await state.jobs(limit: Int(limit)) { jobs.append(await describe(job)) }
            return ListJobs.Output(jobs: jobs)
        }
        interface.handle(GetJob.name) { (input: GetJob.Input, _) in
            GetJob.Output(job: await describe(try await job(named: input.id)))
        }
        interface.handle(WatchJob.name) { (input: WatchJob.Input, call) in
            let id = try await job(named: input.id).id
            let job = try await follow(id) { try await call.replies.send(WatchJob.Output(job: $0)) }
            return WatchJob.Output(job: await describe(job))
        }
        interface.handle(CancelJob.name) { (input: CancelJob.Input, call) in
            let job = try await job(named: input.id)
            guard try await runner.cancel(job.id, by: Self.name(of: call.peer)) else {
                throw ControlErrors.invalid("job \(job.id) has ended already (\(job.state.rawValue))")
            }
            // Most jobs stop at once; one that takes longer is shown as it is.
            let ended = try? await withDeadline(.seconds(10)) { try await follow(job.id) { _ in } }
            let newest = try await state.job(job.id)
            return CancelJob.Output(job: await describe(ended ?? newest ?? job))
        }
    }

    private func job(named text: String) async throws -> State.Job {
        guard let id = JobID(text) else {
            throw ControlErrors.invalid("\"\(text)\" is not a job; jobs are named j1, j2, …")
        }
        guard let job = try await state.job(id) else {
            throw ControlErrors.notFound("there is no job \(id)", hint: "recyclicctl jobs list")
        }
        return job
    }

    private func describe(_ job: State.Job) async -> ControlAPI.Job {
        if !job.state.isFinished, let ending = await runner.ending(of: job.id) {
            return JobDescription.describe(ending.applied(to: job), live: nil)
        }
        return JobDescription.describe(job, live: await runner.progress(of: job.id))
    }

    /// Waits until a job has ended, telling its progress twice a second.
    private func follow(
        _ id: JobID,
        onProgress: @Sendable (ControlAPI.Job) async throws -> Void
    ) async throws -> State.Job {
        var rounds = 0
        while true {
            guard let job = try await state.job(id) else {
                throw ControlErrors.notFound("job \(id) is not recorded any more")
            }
            if job.state.isFinished { return job }
            // An end that can't be recorded, as on a full disk, is an end all the same.
            if let ending = await runner.ending(of: id) { return ending.applied(to: job) }
            if rounds % 5 == 0 { try await onProgress(await describe(job)) }
            rounds += 1
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: - Work

    private func addWork(to interface: inout ServedInterface) {
        interface.handle(TriggerBackup.name) { (input: TriggerBackup.Input, call) in
            let author = Self.name(of: call.peer)
            let request: JobRequest
            let kind: String
            if let asked = input.kind { kind = asked } else { kind = await methods.decided().method.rawValue }
            switch kind {
            case "base": request = requests.backup(requestedBy: author)
            case "dump": request = requests.dump(requestedBy: author)
            case let kind:
                throw ControlErrors.invalid("there is no backup of kind \"\(kind)\"; kinds are base and dump")
            }
            let job = try await run(request, input.wait) {
                try await call.replies.send(TriggerBackup.Output(job: $0))
            }
            let backups = try await backups(of: job)
            return TriggerBackup.Output(job: await describe(job), backup: backups.first, backups: backups)
        }
        interface.handle(Verify.name) { (input: Verify.Input, call) in
            let target = input.target ?? "all"
            if target != "all" { try await checkExists(target) }
            let request = requests.verify(target, full: input.full ?? false, requestedBy: Self.name(of: call.peer))
            let job = try await run(request, input.wait) {
                try await call.replies.send(Verify.Output(job: $0))
            }
            return Verify.Output(
                job: await describe(job),
                report: JobRecord(job)?.report(as: VerifyReport.self)
            )
        }
        interface.handle(ControlAPI.Drill.name) { (input: ControlAPI.Drill.Input, call) in
            var target = input.target ?? "latest"
            if target == "latest", await methods.decided().method == .dump {
                target = try await requests.drillTargets(.dump, cluster: await methods.cluster()).first ?? target
            }
            try await checkExists(target, orIsUnreadable: true)
            let job = try await run(requests.drill(target, requestedBy: Self.name(of: call.peer)), input.wait) {
                try await call.replies.send(ControlAPI.Drill.Output(job: $0))
            }
            return ControlAPI.Drill.Output(
                job: await describe(job),
                report: JobRecord(job)?.report(as: DrillReport.self)
            )
        }
        interface.handle(GetDrill.name) { (input: GetDrill.Input, _) in
            GetDrill.Output(report: try await drillReport(input.id))
        }
        interface.handle(PlanRetention.name) { (_: PlanRetention.Input, _) in
            let (policy, decisions) = try await retention.plan()
            return PlanRetention.Output(policy: policy.text, decisions: RetentionWork.describe(decisions))
        }
        interface.handle(ApplyRetention.name) { (input: ApplyRetention.Input, call) in
            let (policy, decisions) = try await retention.plan()
            let output: @Sendable (ControlAPI.Job) -> ApplyRetention.Output = { job in
                ApplyRetention.Output(
                    job: job,
                    policy: policy.text,
                    decisions: RetentionWork.describe(decisions)
                )
            }
            let request = requests.retention(requestedBy: Self.name(of: call.peer))
            let job = try await run(request, input.wait) { try await call.replies.send(output($0)) }
            return output(await describe(job))
        }
    }

    /// Queues a job and, unless told not to, waits for its end.
    private func run(
        _ request: JobRequest,
        _ wait: Bool?,
        onProgress: @Sendable (ControlAPI.Job) async throws -> Void
    ) async throws -> State.Job {
        let id = try await runner.submit(request)
        if wait ?? true { return try await follow(id, onProgress: onProgress) }
        guard let job = try await state.job(id) else { throw ControlErrors.notFound("there is no job \(id)") }
        return job
    }

    /// - Parameter orIsUnreadable: Whether a backup will do whose manifest can't be read: a drill says so of it.
    private func checkExists(_ target: String, orIsUnreadable: Bool = false) async throws {
        try await repository.use { repository in
            let listing = try repository.listing()
            if orIsUnreadable, listing.unreadableManifest(named: target) != nil { return }
            _ = try ControlErrors.translating { try listing.resolve(target) }
        }
    }

    private func backups(of job: State.Job) async throws -> [Backup] {
        guard let ids = JobRecord(job)?.backupIDs, !ids.isEmpty else { return [] }
        let backups = try? await repository.use { repository in
            let listing = try repository.listing()
            return try ids.map { id in
                let listed = try listing.resolve(id)
                var backup = BackupDescription.describe(listed)
                if listed.summary.findings > 0 {
                    backup.findings = BackupDescription.findings(try repository.manifest(object: listed.summary.object))
                }
                return backup
            }
        }
        return backups ?? []
    }

    private func drillReport(_ text: String?) async throws -> DrillReport {
        let drill: DrillRecord?
        if let text {
            guard text.hasPrefix("d"), let number = Int64(text.dropFirst()), number > 0 else {
                throw ControlErrors.invalid("\"\(text)\" is not a drill; drills are named d1, d2, …")
            }
            drill = try await state.drill(number)
        } else {
            drill = try await state.lastDrill()
        }
        guard let drill else {
            let what = text.map { "there is no drill \($0)" } ?? "there was no drill yet"
            throw ControlErrors.notFound(what, hint: "recyclicctl drill")
        }
        guard let jobID = drill.jobID, let job = try await state.job(jobID),
            let report = JobRecord(job)?.report(as: DrillReport.self)
        else { throw ControlErrors.notFound("the report of drill d\(drill.id) is not kept any more") }
        return report
    }

    static func name(of peer: PeerCredentials) -> String {
        PeerPolicy.userName(peer.userID) ?? "uid \(peer.userID)"
    }
}
