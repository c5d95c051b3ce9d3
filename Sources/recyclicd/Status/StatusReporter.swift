import Alerting
import Blocking
import Configuration
import ControlAPI
import FoundationEssentials
import Monitoring
import PostgresClient
import Protection
import Repository
import State

/// Collects what is known, lets ``Health`` judge it, and puts it in the words of the control interface.
struct StatusReporter: Sendable {
    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder
    let monitor: DatabaseMonitor
    let pool: ConnectionPool
    let runner: JobRunner
    let scheduler: Scheduler
    let alerts: AlertCenter
    let methods: MethodWatch
    let firstStart: Date
    let startedAt: Date

    /// What is known at this moment, and how it is judged.
    func assess() async throws -> Assessment {
        let now = Date()
        let settings = settings.current
        let observation = await monitor.freshObservation()
        let cluster = await methods.cluster(observation)
        let view = await repositoryView(settings, cluster: cluster)
        let verifications = try await state.backupVerifications()
        let intact = view.backups.filter { verifications[$0.id.description]?.isIntact ?? true }
        let dumps = DumpView(
            intact: intact,
            method: methods.current.method,
            wanted: try await wantedDatabases(settings),
            cluster: cluster
        )
        let drill = LastDrill.worst(of: try await state.drills(limit: 100))
        let verify = try await state.lastVerifyRun()
        return Assessment(
            now: now,
            observation: observation,
            view: view,
            measurements: try await measurements(
                settings,
                view,
                dumps: dumps,
                verifications: verifications,
                observation: observation,
                drill: drill,
                verify: verify,
                now: now
            ),
            thresholds: settings.healthThresholds,
            verifications: verifications,
            drill: drill,
            verify: verify
        )
    }

    /// The status at this moment. Without the state it is what is known without it.
    func status() async throws -> GetStatus.Output {
        do {
            try await state.checkAnswers(within: Self.statePatience)
            return try await wholeStatus()
        } catch let error as StateError {
            return await statusWithoutState(error)
        }
    }

    private func wholeStatus() async throws -> GetStatus.Output {
        let assessment = try await assess()
        let now = assessment.now
        let settings = settings.current
        let view = assessment.view
        let report = assessment.report
        let exposure = assessment.exposure
        let verifyJob = try await lastReport(.verify, as: VerifyReport.self)
        let overview = await alerts.overview
        let decision = await methods.decided()
        let cluster = await methods.cluster(assessment.observation)
        let backups = view.backups.filter { DumpView.isOurs($0, cluster: cluster) }
        let lastDump = backups.last { $0.id.kind == .dump }
        let primary = backups.last { $0.id.kind.rawValue == decision.method.rawValue } ?? backups.last
        return GetStatus.Output(
            health: report.level.rawValue,
            reasons: report.reasons.map(Self.describe),
            instance: settings.notifications.instanceName,
            version: Version.text,
            generatedAt: TimeFormat.text(now),
            startedAt: TimeFormat.text(startedAt),
            databaseDamaged: Self.describe(exposure.databaseDamaged, basis: exposure.basis.text),
            machineLost: Self.describe(exposure.machineLost, basis: "no copy on another machine"),
            server: describe(assessment.observation, settings),
            repository: view.state,
            method: decision.method.rawValue,
            protection: ProtectionText.text(
                decision,
                databases: try await wantedDatabases(settings),
                leftOut: settings.backup.dumpDatabases == nil ? view.leftOut : [],
                holdsPasswords: view.holdsRolePasswords
            ),
            pool: poolState,
            lastBackup: primary.map {
                var backup = BackupDescription.describe($0)
                backup.findings = view.findings[$0.id.description] ?? []
                return backup
            },
            lastDump: lastDump.map {
                var backup = BackupDescription.describe($0)
                backup.findings = view.findings[$0.id.description] ?? []
                return backup
            },
            lastVerify: verifyJob,
            lastDrill: try await drillReport(assessment.drill),
            nextRuns: try await scheduler.upcoming(now: now).map {
                NextRun(kind: $0.entry.name, at: TimeFormat.text($0.at), timeZone: settings.backup.timeZone)
            },
            jobs: try await unfinishedJobs(),
            alerts: AlertDescription.describe(overview),
            silences: overview.silences.map { AlertDescription.describe($0, at: overview.moment) },
            recipients: AlertDescription.recipients(overview)
        )
    }

    // MARK: - Parts

    /// What the last dump job left out; dumps that a restore takes know nothing of it.
    private static func leftOut(_ backups: [ListedBackup], _ repository: Repository) -> [String] {
        for dump in backups.filter({ $0.id.kind == .dump }).suffix(8).reversed() {
            if let leftOut = (try? repository.manifest(object: dump.summary.object))?.dump?.leftOut { return leftOut }
        }
        return []
    }

    var poolState: PoolState {
        let pool = pool.statistics
        return PoolState(
            total: Int64(pool.total),
            idle: Int64(pool.idle),
            leased: Int64(pool.leased),
            waiting: Int64(pool.waiting),
            created: Int64(pool.created),
            closed: Int64(pool.closed),
            failures: Int64(pool.failures),
            timeouts: Int64(pool.waitTimeouts)
        )
    }

    func repositoryView(_ settings: Settings, cluster: String?) async -> Assessment.RepositoryView {
        let path = settings.paths.repository
        do {
            return try await repository.use { repository in
                let listing = try repository.listing()
                let space = try repository.space()
                var view = Assessment.RepositoryView(
                    state: RepositoryState(
                        path: path,
                        id: repository.id,
                        backups: Int64(listing.backups.count),
                        storedBytes: try? repository.storedBytes(),
                        freeBytes: space.free,
                        totalBytes: space.total
                    )
                )
                view.backups = listing.backups
                view.listing = listing
                for kind in [BackupKind.base, .dump] {
                    let candidates = listing.backups.filter { DumpView.isOurs($0, cluster: cluster) }
                    guard let newest = candidates.last(where: { $0.id.kind == kind }),
                        kind == .dump || newest.summary.findings > 0
                    else { continue }
                    // One that can't be read is told of below.
                    guard let manifest = try? repository.manifest(object: newest.summary.object) else { continue }
                    view.findings[newest.id.description] = BackupDescription.findings(manifest)
                    if let dump = manifest.dump {
                        view.holdsRolePasswords = dump.holdsRolePasswords
                        view.leftOut = Self.leftOut(candidates, repository)
                    }
                }
                if let (name, reason) = listing.unreadable.min(by: { $0.key < $1.key }) {
                    view.trouble = HealthMeasurements.Trouble(
                        message: "'\(name)' can't be read: \(reason)",
                        hint: "recyclicctl verify all --full"
                    )
                }
                return view
            }
        } catch {
            return Assessment.RepositoryView(unreadableAt: path, JobFailure(error))
        }
    }

    private func measurements(
        _ settings: Settings,
        _ view: Assessment.RepositoryView,
        dumps: DumpView,
        verifications: [String: BackupVerification],
        observation: DatabaseMonitor.Observation,
        drill: DrillRecord?,
        verify: VerifyRun?,
        now: Date
    ) async throws -> HealthMeasurements {
        let kind: JobKind = dumps.method == .dump ? .dump : .backup
        let lastBackup = try await state.lastJob(kind, states: [.succeeded, .failed, .interrupted])
        let dumpsSince = try await state.value(.scheduleInForceSince(of: .dump)) ?? firstStart
        let incomplete = dumps.incomplete
        let passed = try await state.lastDrill(verdict: .passed)
        let lastRetention = try await state.lastJob(.retention, states: [.succeeded, .failed])
        // Known damage stays known until it is mended, whatever a later run of a smaller scope looked at.
        let damaged = try await state.damagedObjects()
        let affected = view.backups.filter { !(verifications[$0.id.description]?.isIntact ?? true) }
        let reach = await alerts.reach
        let writingTrouble = await alerts.writingTrouble
        return HealthMeasurements(
            firstStart: firstStart,
            repositoryTrouble: view.trouble,
            backupCount: view.state.error == nil ? view.backups.count : nil,
            newestRestorable: dumps.restorable.map {
                .init(id: $0.id.description, restorablePoint: $0.summary.restorablePoint.date)
            },
            newestWithFindings: Self.findings(view),
            dumps: dumps.expected(
                settings.dumpRule(dumps.method),
                since: dumps.method == .dump ? firstStart : max(firstStart, dumpsSince),
                firstBackupSeconds: settings.healthThresholds.firstBackupSeconds
            ),
            incompleteDump: incomplete.map {
                .init(
                    backupID: $0.id.description,
                    database: $0.summary.database ?? "",
                    takenAt: $0.summary.startedAt.date
                )
            },
            leftOut: dumps.leftOut(
                try await state.value(.leftOutDatabases),
                named: settings.backup.dumpDatabases,
                settings.dumpRule(dumps.method)
            ),
            lastBackupFailure: lastBackup.flatMap { job in
                guard job.state != .succeeded else { return nil }
                return .init(
                    jobID: job.id,
                    failedAt: job.finishedAt ?? job.createdAt,
                    message: job.failure?.message ?? "the daemon ended while it ran",
                    hint: job.failure?.hint
                )
            },
            freeBytes: view.state.freeBytes,
            fullInSeconds: try await fullInSeconds(view, now: now),
            lastVerify: verify.map {
                .init(
                    finishedAt: $0.finishedAt,
                    damagedObjects: damaged.count,
                    affectedBackups: affected.count,
                    kinds: Set(damaged.map { DamageKind(ofObject: $0.name) })
                )
            },
            lastDrill: drill.map {
                .init(
                    backupID: $0.backupID,
                    finishedAt: $0.finishedAt,
                    verdict: $0.verdict,
                    reason: $0.reason,
                    isAcknowledged: $0.acknowledgedAt != nil
                )
            },
            lastPassedDrill: passed?.finishedAt,
            lastPassedDrillSeconds: passed?.recoverySeconds,
            databaseTrouble: observation.trouble.map {
                .init(message: $0.message, hint: $0.hint, since: observation.since)
            },
            offsite: settings.backup.isOffsiteWaived ? .waived : .missing,
            clockJump: try await clockJump(now: now),
            retentionTrouble: lastRetention.flatMap { job in
                guard let failure = job.failure else { return nil }
                return .init(message: failure.message, hint: failure.hint, since: job.finishedAt)
            },
            isStatePersistent: state.opening.isPersistent && writingTrouble == nil,
            deliveryTroubles: reach.troubles,
            isAnybodyReached: reach.isAnybodyReached
        )
    }

    /// The databases that dumps are to be taken of, as far as is known.
    private func wantedDatabases(_ settings: Settings) async throws -> [String]? {
        if let wanted = settings.backup.dumpDatabases { return wanted }
        return try await state.value(.dumpedDatabases)
    }

    /// When the repository's disk will be full, by the free space of the last weeks.
    private func fullInSeconds(_ view: Assessment.RepositoryView, now: Date) async throws -> Double? {
        guard let free = view.state.freeBytes else { return nil }
        let samples = try await state.dailySpaceSamples(since: now - SpaceForecast.windowSeconds)
        return SpaceForecast.secondsUntilFull(samples: samples, freeBytes: free, now: now)
    }

    /// The last time the clock was set, for a day: by then schedules and ages have found their way.
    private func clockJump(now: Date) async throws -> HealthMeasurements.ClockJump? {
        guard let jump = try await state.value(.clockJump), abs(now.timeIntervalSince(jump.noticedAt)) < 86_400 else {
            return nil
        }
        return .init(noticedAt: jump.noticedAt, seconds: jump.seconds)
    }

    /// A reason of health.
    static func describe(_ reason: HealthReason) -> Reason {
        Reason(
            code: reason.code.rawValue,
            level: reason.level.rawValue,
            message: reason.message,
            since: reason.since.map(TimeFormat.text),
            hint: reason.hint.isEmpty ? nil : reason.hint
        )
    }

    /// An amount of data that would be lost.
    static func describe(_ amount: ExposureAmount, basis: String) -> ControlAPI.Exposure {
        switch amount {
        case .seconds(let seconds): .init(state: "seconds", seconds: seconds, basis: basis)
        case .everything: .init(state: "everything", basis: basis)
        case .unknown(let bound): .init(state: "unknown", seconds: bound, basis: basis)
        }
    }

    func describe(_ observation: DatabaseMonitor.Observation, _ settings: Settings) -> ServerState {
        let postgres = settings.postgres
        return ServerState(
            address: postgres.host.hasPrefix("/") ? postgres.host : "\(postgres.host):\(postgres.port)",
            database: postgres.database,
            reachable: observation.trouble == nil && observation.wasAsked,
            since: observation.since.map(TimeFormat.text),
            version: observation.identity?.version,
            systemIdentifier: observation.identity?.systemIdentifier,
            error: observation.trouble.map { Failure(code: $0.code, message: $0.message, hint: $0.hint) }
        )
    }

    /// The report of the last job of a kind that left one.
    private func lastReport<Report: Decodable>(_ kind: JobKind, as type: Report.Type) async throws -> Report? {
        for job in try await state.jobs(kinds: [kind], states: [.succeeded, .failed], limit: 20) {
            if let report = JobRecord(job)?.report(as: type) { return report }
        }
        return nil
    }

    private func drillReport(_ drill: DrillRecord?) async throws -> DrillReport? {
        guard let drill, let id = drill.jobID, let job = try await state.job(id) else { return nil }
        return JobRecord(job)?.report(as: DrillReport.self)
    }

    private func unfinishedJobs() async throws -> [ControlAPI.Job] {
        var jobs: [ControlAPI.Job] = []
        for job in try await state.unfinishedJobs() where await runner.ending(of: job.id) == nil {
            jobs.append(JobDescription.describe(job, live: await runner.progress(of: job.id)))
        }
        return jobs
    }
}
