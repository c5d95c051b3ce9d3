import ControlAPI
import FoundationEssentials
import HTTPAPI
import Logging
import Monitoring
import PostgresClient
import Protection
import Repository
import ServiceLifecycle
import State
import Systemd

/// Measures every minute and after each job: everything is read anew from the repository, the state and the server.
///
/// The last collection is what `/metrics`, `/healthz` and `/readyz` tell; a sample of each goes into the history.
actor Collector: Service {
    static let interval = Duration.seconds(60)

    private let reporter: StatusReporter
    private let events: EventRecorder
    private let state: StateStore
    private let pool: ConnectionPool
    private let logger: Logger
    /// Beats after each measurement, whatever came of it.
    private let heart: Heartbeats.Heart?
    /// Gets the judgement of each measurement.
    private let onReport: @Sendable (HealthReport) -> Void
    /// Says that a job has ended.
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private var last: (facts: CollectedFacts, at: ContinuousClock.Instant)?
    private var isTroubled = false
    /// What was judged of the disk's free space last.
    private var diskLevel = HealthLevel.ok

    init(
        reporter: StatusReporter,
        events: EventRecorder,
        state: StateStore,
        pool: ConnectionPool,
        wakeUps: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation),
        heart: Heartbeats.Heart? = nil,
        onReport: @escaping @Sendable (HealthReport) -> Void = { _ in },
        logger: Logger
    ) {
        self.heart = heart
        self.onReport = onReport
        self.reporter = reporter
        self.events = events
        self.state = state
        self.pool = pool
        self.wakeUps = wakeUps.stream
        wakeUp = wakeUps.continuation
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        self.wakeUp.yield()
                        try? await Task.sleep(for: Self.interval)
                    }
                }
                for await _ in self.wakeUps {
                    await self.collect()
                    // What measuring needs is not needed until the next time.
                    ProcessMemory.giveBack()
                }
                group.cancelAll()
            }
        }
    }

    /// What was collected last; `nil` before the first time.
    var collection: MonitoringRoutes.Collection? {
        guard let last else { return nil }
        let age = last.at.duration(to: .now).components
        return (last.facts, Double(age.seconds) + Double(age.attoseconds) / 1e18)
    }

    /// Measures now.
    func collect() async {
        defer { heart?.beat() }
        do {
            let facts = try await measure()
            let report = facts.health(now: facts.collectedAt)
            tell(report)
            onReport(report)
            last = (facts, .now)
            try await state.recordSample(Self.sample(facts))
            isTroubled = false
            await events.flush()
        } catch is CancellationError {
            return
        } catch {
            guard !Task.isCancelled else { return }
            // Once: the next attempt comes within a minute, and the same error is no news.
            logger.log(
                level: isTroubled ? .debug : .warning,
                "the figures could not be collected, will retry in \(Self.interval)",
                metadata: [LogKey.error: "\(error)"]
            )
            isTroubled = true
        }
    }

    /// Logs that the disk fills up, once, and again when that becomes critical.
    private func tell(_ report: HealthReport) {
        let reason = report.reasons.first { $0.code == .diskSpace }
        defer { diskLevel = reason?.level ?? .ok }
        guard let reason, reason.level > diskLevel else { return }
        logger.log(
            .diskLow,
            level: reason.level == .critical ? .error : .warning,
            "\(reason.message)",
            metadata: [LogKey.hint: "\(reason.hint)"]
        )
    }

    private func measure() async throws -> CollectedFacts {
        let begun = ContinuousClock.now
        let assessment = try await reporter.assess()
        var facts = CollectedFacts(
            collectedAt: assessment.now,
            collectionSeconds: 0,
            measurements: assessment.measurements,
            thresholds: assessment.thresholds
        )
        let view = assessment.view
        if view.state.error == nil {
            facts.backups = view.backups.map { listed in
                let summary = listed.summary
                return CollectedFacts.Backup(
                    kind: summary.id.kind.rawValue,
                    finishedAt: summary.finishedAt.date,
                    durationSeconds: summary.finishedAt.date.timeIntervalSince(summary.startedAt.date),
                    logicalBytes: summary.sizes.logicalBytes,
                    storedBytes: summary.sizes.storedBytes,
                    addedBytes: summary.sizes.addedBytes
                )
            }
            facts.pinnedBackups = view.backups.count { $0.marks.isPinned }
            facts.provedBackups = view.backups.count { $0.marks.proof != nil }
            // What keeps retention back is a reason of its own; here it only leaves the counts out.
            if let listing = view.listing,
                let decisions = try? RetentionWork.decide(
                    listing,
                    assessment.verifications,
                    reporter.settings.current,
                    now: assessment.now
                )
            {
                let kept = decisions.count { $0.keep }
                facts.retention = (kept, decisions.count - kept)
            }
        }
        await events.observe(repository: view.state.error?.message, at: assessment.now)
        if let free = view.state.freeBytes {
            await events.observe(freeBytes: free, thresholds: assessment.thresholds, at: assessment.now)
        }
        facts.repositoryBytes = view.state.storedBytes
        facts.capacityBytes = view.state.totalBytes
        facts.lastVerify = assessment.verify
        facts.lastDrill = assessment.drill
        facts.serverVersion = assessment.observation.identity?.version
        if assessment.observation.trouble == nil { facts.databaseBytes = await databaseBytes() }
        facts.nextRuns = try await reporter.scheduler.upcoming(now: assessment.now).map {
            ($0.entry.kind.rawValue, $0.at)
        }
        facts.jobs = try await state.jobCounts()
        let duration = begun.duration(to: .now).components
        facts.collectionSeconds = Double(duration.seconds) + Double(duration.attoseconds) / 1e18
        return facts
    }

    /// Size of the databases that the role may ask for; `nil` when the server does not tell.
    private func databaseBytes() async -> Int64? {
        try? await pool.withConnection { connection in
            let result = try await connection.query(
                """
                SELECT sum(pg_database_size(oid))::bigint FROM pg_database
                WHERE datallowconn AND has_database_privilege(oid, 'CONNECT')
                """,
                timeout: .seconds(10)
            )
            return try result.onlyRow().decode(0, as: Int64?.self)
        }
    }

    private static func sample(_ facts: CollectedFacts) -> HistorySample {
        let usage = ProcessMeter.read()
        let exposure: Double? =
            switch facts.exposure(now: facts.collectedAt).databaseDamaged {
            case .seconds(let seconds): seconds
            case .everything: .infinity
            case .unknown: nil
            }
        return HistorySample(
            time: facts.collectedAt,
            health: facts.health(now: facts.collectedAt).level.rawValue,
            exposureSeconds: exposure,
            backupAgeSeconds: facts.backupAge(now: facts.collectedAt),
            backups: facts.backups.map { Int64($0.count) },
            repositoryBytes: facts.repositoryBytes,
            freeBytes: facts.measurements.freeBytes,
            isDatabaseReachable: facts.measurements.databaseTrouble == nil,
            databaseBytes: facts.databaseBytes,
            residentBytes: usage?.residentBytes,
            cpuSeconds: usage?.cpuSeconds
        )
    }
}
