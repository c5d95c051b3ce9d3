import Alerting
import Blocking
import Configuration
import ControlAPI
import Foundation
import Glibc
import HTTPAPI
import Logging
import Monitoring
import PostgresClient
import Protection
import Reception
import Repository
import ServiceLifecycle
import State
import Systemd
import UnixSignals
import VarlinkServer

/// The daemon: its services, wired together.
struct Daemon {
    private let group: ServiceGroup
    private let state: StateStore
    private let events: EventRecorder
    private let beginning: DaemonRun
    /// Kept for its lock on the state's folder, until the state is closed.
    private let recovery: StateRecovery
    private let logger: Logger

    /// Builds everything that can be built before anything runs.
    ///
    /// - Throws: what stands in the way of a daemon at all: no folder, no socket. A database that is down is none, nor is a memory
    ///   that can't be opened.
    static func build(settings store: SettingsStore, logger: Logger) async throws -> Daemon {
        let settings = store.current
        LogOutput.apply(settings)
        try Folders.prepare(settings.paths)
        let lock = try StateFolderLock(settings.paths.stateDirectory)
        let socket = try Self.controlSocket(settings.paths)
        let notifier = ServiceNotifier(environment: ProcessInfo.processInfo.environment)
        let heartbeats = Heartbeats()

        let now = Date()
        let state = try await openState(settings.paths, isLocked: lock != nil, now: now, logger)
        if let aside = state.opening.setAside {
            logger.log(
                .stateSetAside,
                level: .error,
                "the state could not be read and was set aside: \(aside.reason)",
                metadata: [LogKey.path: "\(aside.path)"]
            )
        }
        let drills = Protection.Drill.removeLeftovers(
            directory: settings.drill.directory,
            runtimeDirectory: settings.paths.runtimeDirectory
        )
        for job in drills {
            logger.warning("removed what a drill left when the daemon ended", metadata: [LogKey.job: "\(job)"])
        }
        if Verifier.removeLeftovers(in: settings.paths.stateDirectory, isShared: false) > 0 {
            logger.warning("removed what a verify left when the daemon ended")
        }
        for job in state.opening.interruptedJobs {
            logger.warning("\(job) was interrupted when the daemon ended", metadata: [LogKey.job: "\(job)"])
        }
        // A disk that is full by now is told, and no reason to end.
        let firstStart = (try? await state.setIfAbsent(.firstStart, to: now)) ?? now
        let events = EventRecorder(state: state, logger: logger)
        let run = await beginRun(state, events, now: now)

        let alerts = await AlertCenter.resume(
            state: state,
            configuration: AlertConfiguration(settings),
            record: { await events.record($0) },
            readBoot: { ClockMark.now() },
            onFailure: { message, hint in
                let metadata: Logger.Metadata = hint.map { [LogKey.hint: "\($0)"] } ?? [:]
                logger.log(.alertDeliveryFailed, level: .warning, "\(message)", metadata: metadata)
            },
            logger: logger
        )

        let pool = ConnectionPool(settings.connection, settings.pool)
        let jobEnds = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let monitor = DatabaseMonitor(
            pool: pool,
            logger: logger,
            heart: heartbeats.part("database monitor", patience: .seconds(120)),
            onChange: {
                await events.observe(database: $0.trouble)
                // A server that went or came is news before the next minute.
                jobEnds.continuation.yield()
            }
        )
        let runner = JobRunner(
            state: state,
            events: events,
            logger: logger,
            heart: heartbeats.part("job runner", patience: .seconds(120)),
            onEnd: { jobEnds.continuation.yield() }
        )
        let repository = RepositoryHolder(
            path: settings.paths.repository,
            stateFolder: settings.paths.stateDirectory
        )
        let methods = MethodWatch(
            settings: store,
            monitor: monitor,
            state: state,
            remembered: try? await state.value(.methodDecision),
            logger: logger
        )
        let retention = RetentionWork(settings: store, state: state, repository: repository)
        let requests = JobRequests(
            backup: BackupWork(settings: store, state: state, repository: repository),
            dump: DumpWork(settings: store, state: state, repository: repository),
            verify: VerifyWork(settings: store, state: state, repository: repository),
            drill: DrillWork(settings: store, state: state, repository: repository),
            retention: retention,
            runner: runner,
            settings: store,
            logger: logger
        )
        let scheduler = Scheduler(
            entries: Self.schedules(store, requests, methods),
            settings: store,
            state: state,
            runner: runner,
            seed: settings.paths.repository + HostName.current,
            logger: logger,
            heart: heartbeats.part("scheduler", patience: .seconds(300))
        )
        let reporter = StatusReporter(
            settings: store,
            state: state,
            repository: repository,
            monitor: monitor,
            pool: pool,
            runner: runner,
            scheduler: scheduler,
            alerts: alerts,
            methods: methods,
            firstStart: firstStart,
            startedAt: now
        )
        let link = ServiceLink(
            notifier: notifier,
            watchdog: WatchdogInterval.ofThisProcess(),
            heartbeats: heartbeats,
            selfCall: SelfCall(path: socket.address),
            onReady: {
                logger.log(
                    .daemonStarted,
                    level: .notice,
                    "recyclicd \(Version.text) protects \(settings.connection)",
                    metadata: [LogKey.path: "\(settings.paths.repository)", LogKey.version: "\(Version.text)"]
                )
            },
            logger: logger
        )
        let collector = Collector(
            reporter: reporter,
            events: events,
            state: state,
            pool: pool,
            wakeUps: jobEnds,
            heart: heartbeats.part("collector", patience: .seconds(600)),
            onReport: { link.show(StatusLine.text($0)) },
            logger: logger
        )
        let reception = ReceptionWork(settings: store, pool: pool, logger: logger)
        let routes = MonitoringRoutes(
            collection: { await collector.collection },
            live: {
                LiveFacts(
                    pool: pool.statistics,
                    of: settings.postgres.poolMaximum,
                    alerts: await alerts.overview,
                    startedAt: now
                )
            },
            more: { ReceptionMetrics.families(reception.service) }
        )
        let reload = ConfigurationReload(
            store: store,
            notifier: notifier,
            events: events,
            onChange: { await alerts.reconfigure(AlertConfiguration($0)) },
            logger: logger
        )
        let handlers = ControlHandlers(
            state: state,
            runner: runner,
            repository: repository,
            reporter: reporter,
            requests: requests,
            retention: retention,
            alerts: alerts,
            reception: reception,
            methods: methods,
            doctor: {
                let decision = await methods.decided()
                return try await DoctorRun(
                    settings: store.current,
                    findings: store.findings,
                    file: store.file,
                    // Where base backups are not possible doctor finds out why by itself.
                    method: decision.method == .dump ? .either : .base
                ).findings()
            },
            reload: { try await reload(by: $0) },
            events: events,
            metrics: { await routes.metrics() }
        )
        let control = try ControlServer(
            interface: try handlers.interface(),
            socket: socket,
            group: settings.paths.controlSocketGroup,
            logger: logger
        )
        let firstBackup = FirstBackup(
            settings: store,
            repository: repository,
            monitor: monitor,
            state: state,
            method: { await methods.decided().method },
            submit: { method in
                let author = "first start"
                _ = try await runner.submit(
                    method == .base ? requests.backup(requestedBy: author) : requests.dump(requestedBy: author)
                )
            },
            logger: logger
        )
        let alertService = AlertService(
            center: alerts,
            settings: store,
            digest: DigestWork(settings: store, state: state, reporter: reporter, center: alerts, logger: logger),
            collection: { await collector.collection },
            logger: logger
        )
        let recovery = StateRecovery(
            state: state,
            folder: settings.paths.stateDirectory,
            lock: lock,
            events: events,
            logger: logger,
            onRecovery: { jobEnds.continuation.yield() }
        )
        // At debug it would write down all that each service holds.
        var groupLogger = logger
        groupLogger.logLevel = max(groupLogger.logLevel, .info)
        // Ended in reverse order, one after the other: first nothing new begins, then those who wait for a job learn of
        // its end, at last the connections go.
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: link),
                .init(service: PoolService(pool: pool)),
                .init(service: monitor),
                .init(service: alertService),
                .init(service: collector),
                .init(service: reception),
                .init(
                    service: MonitoringServer(
                        listen: settings.httpListen,
                        routes: routes,
                        reception: reception.route(),
                        logger: logger
                    )
                ),
                .init(service: control),
                .init(service: runner),
                .init(service: methods),
                .init(service: firstBackup),
                .init(service: scheduler),
                .init(service: recovery),
                .init(service: ClockWatch(state: state, events: events, logger: logger)),
                .init(service: ReloadOnSignal(reload: { try await reload(by: $0) })),
                .init(service: StopNotice(link: link)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: groupLogger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(24)
        configuration.maximumCancellationDuration = .seconds(1)
        return Daemon(
            group: ServiceGroup(configuration: configuration),
            state: state,
            events: events,
            beginning: run,
            recovery: recovery,
            logger: logger
        )
    }

    /// Runs until a signal ends it.
    func run() async throws {
        do {
            try await group.run()
        } catch {
            await events.record(Events.stopped(error))
            throw error
        }
        await events.record(Events.stopped())
        var ended = beginning
        ended.endedAt = Date()
        // Without it the next start says that this one was killed, which is better than not to end.
        try? await state.set(.daemonRun, to: ended)
        try await state.close()
        logger.log(.daemonStopped, level: .notice, "recyclicd has ended")
    }

    /// Opens the daemon's memory. One that can't be opened is no reason not to protect the database and tell people: then all is
    /// kept in memory, which is a reason of health.
    private static func openState(
        _ paths: Settings.Paths,
        isLocked: Bool,
        now: Date,
        _ logger: Logger
    ) async throws -> StateStore {
        do {
            guard isLocked else { throw FolderError(path: paths.stateDirectory, reason: "its lock can't be written") }
            return try await StateStore.open(directory: paths.stateDirectory, now: now)
        } catch let error as any OperatorError {
            logger.log(
                .stateUnusable,
                level: .critical,
                "what the daemon learns will be forgotten when it ends: \(error.message)",
                metadata: [
                    LogKey.path: "\(paths.stateDirectory)",
                    LogKey.hint:
                        "Check the folder's owner and free space; recyclicd looks every minute whether it can be used.",
                ]
            )
            // No number was ever so high, so all can be written to the file once it can be opened.
            return try await StateStore.inMemory(now: now, numbersFrom: Int64(max(1, now.timeIntervalSince1970)))
        }
    }

    /// The one that the service manager listens on for us, else our own.
    private static func controlSocket(_ paths: Settings.Paths) throws -> ListeningSocket {
        if let inherited = try InheritedDescriptor.controlSocket(among: InheritedDescriptor.ofThisProcess()) {
            return try ListeningSocket(inherited: inherited.descriptor)
        }
        return try ListeningSocket(path: paths.controlSocket, mode: 0o660, group: paths.controlSocketGroup)
    }

    /// Records that the daemon was started, and whether it had been stopped before.
    private static func beginRun(_ state: StateStore, _ events: EventRecorder, now: Date) async -> DaemonRun {
        let run = DaemonRun(startedAt: now, version: Version.text)
        let previous = try? await state.value(.daemonRun)
        let mark = try? await state.value(.clockMark)
        let drafts = Events.started(
            version: Version.text,
            after: previous,
            lastMeasuredAt: try? await state.lastSample()?.time,
            wasRestarted: mark.map { $0.bootID != ClockMark.now()?.bootID } ?? false
        )
        await events.record(drafts, at: now)
        try? await state.set(.daemonRun, to: run)
        return run
    }

    private static func schedules(
        _ store: SettingsStore,
        _ requests: JobRequests,
        _ methods: MethodWatch
    ) -> [Scheduler.Entry] {
        [
            Scheduler.Entry(
                kind: .backup,
                name: "backup",
                schedule: { store.current.baseRule(methods.current.method) },
                submit: { reason in _ = try await requests.submit(requests.backup(requestedBy: reason)) }
            ),
            Scheduler.Entry(
                kind: .dump,
                name: "dump",
                schedule: { store.current.dumpRule(methods.current.method) },
                submit: { reason in _ = try await requests.submit(requests.dump(requestedBy: reason)) },
                retry: { reason in _ = try await requests.submit(try await requests.dumpOfFailed(requestedBy: reason)) }
            ),
            Scheduler.Entry(
                kind: .verify,
                name: "full verify",
                schedule: {
                    if case .full(let schedule) = store.current.verify { ScheduleRule(schedule) } else { .off }
                },
                submit: { reason in
                    _ = try await requests.submit(requests.verify("all", full: true, requestedBy: reason))
                }
            ),
            Scheduler.Entry(
                kind: .drill,
                name: "drill",
                schedule: { ScheduleRule(store.current.drill.schedule) },
                submit: { reason in
                    let cluster = await methods.cluster()
                    for target in try await requests.drillTargets(methods.current.method, cluster: cluster) {
                        _ = try await requests.submit(requests.drill(target, requestedBy: reason))
                    }
                }
            ),
        ]
    }
}
