import Configuration
import Foundation
import Logging
import PostgresClient
import Protection
import Repository
import State
import Synchronization
import TestSupport
import Testing

@testable import recyclicd

/// When a backup that did not come about is tried again.
@Suite
struct RetryTests {
    private static let noon = Date(timeIntervalSince1970: 1_795_348_800)

    private let folder: TemporaryDirectory
    private let state: StateStore
    private let settings: SettingsStore
    private let logger = Logger(label: "test")

    init() async throws {
        folder = try TemporaryDirectory()
        state = try await StateStore.open(directory: folder.path, now: Self.noon)
        let file = folder.path("recyclicd.env")
        try Data("BACKUP_TIMEZONE=UTC\nBACKUP_REPOSITORY=\(folder.path("r"))\n".utf8).write(
            to: URL(fileURLWithPath: file)
        )
        let result = ConfigurationLoader.load(file: file, environment: ["STATE_DIRECTORY": folder.path])
        settings = SettingsStore(try #require(result.settings), findings: [], file: file, environment: [:])
    }

    /// Notes a backup that ended so many seconds after noon.
    private func note(_ outcome: JobOutcome, _ seconds: Double, kind: JobKind = .backup) async throws {
        let time = Self.noon + seconds
        let job = try await state.createJob(kind, requestedBy: "schedule", at: time)
        try await state.startJob(job.id, at: time)
        try await state.finishJob(job.id, outcome, at: time)
    }

    @Test
    func `a failed backup is tried again after 10 minutes, then 30, then every hour, until one succeeds`() async throws
    {
        let rule = Mutex(ScheduleRule.daily(try #require(TimeOfDay(hour: 3, minute: 0))))
        let submitted = Mutex<[String]>([])
        let entry = Scheduler.Entry(
            kind: .backup,
            name: "backup",
            schedule: { rule.withLock { $0 } },
            submit: { reason in submitted.withLock { $0.append(reason) } }
        )
        let scheduler = Scheduler(
            entries: [entry],
            settings: settings,
            state: state,
            runner: JobRunner(state: state, events: EventRecorder(state: state, logger: logger), logger: logger),
            seed: "",
            logger: logger
        )
        // The day's run was made, so nothing is due by the schedule before tomorrow.
        try await state.set(.lastScheduledRun(of: .backup), to: Self.noon)
        func submissions(_ seconds: Double) async -> Int {
            await scheduler.consider(entry, now: Self.noon + seconds)
            defer { submitted.withLock { $0 = [] } }
            return submitted.withLock { $0.filter { $0 == "retry after a failure" }.count }
        }
        let failed = JobOutcome.failed(JobFailure(code: "connectionLost", message: "gone", hint: nil), result: nil)
        var time = 0.0
        for delay in [600.0, 1_800, 3_600, 3_600] {
            try await note(failed, time)
            #expect(await submissions(time + delay - 1) == 0)
            #expect(await submissions(time + delay) == 1)
            time += delay
        }
        try await note(.cancelled(), time)
        #expect(await submissions(time + 1) == 1, "a cancelled one is no success")
        try await note(.succeeded(result: nil), time)
        #expect(await submissions(time + 20_000) == 0)
        try await note(failed, time)
        rule.withLock { $0 = .off }
        #expect(await submissions(time + 20_000) == 0)
    }

    @Test
    func `a first backup that can't be started is tried again, and one that failed is left to the schedule`()
        async throws
    {
        let server = try await PrivatePostgres.started()
        let connection = ConnectionSettings(
            host: server.socketDirectory,
            port: server.port,
            user: "postgres",
            database: "postgres"
        )
        // What another server left in the repository is no backup of this one.
        let another = try await PrivatePostgres.started { $0.isUnique = true }
        let repository = RepositoryHolder(path: folder.path("r"), stateFolder: folder.path)
        let elsewhere = ConnectionSettings(
            host: another.socketDirectory,
            port: another.port,
            user: "postgres",
            database: "postgres"
        )
        let open = try await repository.open()
        try await onOwnThread {
            _ = try BaseBackup(BaseBackupRequest(connection: elsewhere), to: open).run()
            try another.stop(.immediate)
        }
        let pool = ConnectionPool(connection, PoolConfiguration())
        let monitor = DatabaseMonitor(pool: pool, logger: logger)
        let attempts = Mutex(0)
        let submitted = Mutex<[BackupMethodDecision.Method]>([])
        let method = Mutex(BackupMethodDecision.Method.base)
        var first = FirstBackup(
            settings: settings,
            repository: repository,
            monitor: monitor,
            state: state,
            method: { method.withLock { $0 } },
            submit: { method in
                submitted.withLock { $0.append(method) }
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                if attempt == 1 { throw JobError.tooMany(50) }
            },
            logger: logger
        )
        first.retryInterval = .zero
        #expect(await !first.isDone(), "the server was not asked yet")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            await monitor.observe()
            #expect(await monitor.observation.trouble == nil)
            #expect(await !first.isDone())
            #expect(await first.isDone())
            #expect(attempts.withLock { $0 } == 2)
            try await note(.failed(JobFailure(code: "x", message: "x", hint: nil), result: nil), 0)
            #expect(await first.isDone())
            #expect(attempts.withLock { $0 } == 2)
            // What one kind did says nothing of the other.
            method.withLock { $0 = .dump }
            #expect(await first.isDone())
            #expect(submitted.withLock { $0 } == [.base, .base, .dump])
            try await note(.succeeded(result: nil), 0, kind: .dump)
            #expect(await first.isDone())
            #expect(attempts.withLock { $0 } == 3)
            group.cancelAll()
        }
        try await onOwnThread { try server.stop(.immediate) }
    }
}
