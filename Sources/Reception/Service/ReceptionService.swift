package import Blocking
package import FoundationEssentials
package import PostgresClient
import Synchronization

/// Serves the figures, and says who may see them.
///
/// Requests with the same question share one query, which begins after each of them. Connections are few and its own, so that
/// a slow question never keeps backups from the server. ``run()`` must run as long as it is used.
package final class ReceptionService: Sendable {
    private struct Memory {
        /// What was found of the tables, when, and until when no other look is worth the try.
        var schema: (report: SchemaReport, askedAt: Duration, triedUntil: Duration)?
        var users: UserCache
        var troubles = ReceptionTroubles()
    }

    /// What was counted.
    package let meter = ReceptionMeter()
    private let database: ReceptionDatabase
    private let limits: ReceptionLimits
    private let role: String
    private let mode: @Sendable () -> ReceptionMode
    private let onChange: @Sendable ((any OperatorError)?) -> Void
    private let clock: @Sendable () -> Duration
    private let memory: Mutex<Memory>
    private let figureRuns: SharedRuns<ReceptionQuestion, ReceptionFigures>
    private let userRuns: SharedRuns<UUID, UserAccess>
    /// The key says nothing: there is one catalogue.
    private let schemaRuns: SharedRuns<Bool, SchemaReport>

    /// - Parameters:
    ///   - settings: How to reach the server.
    ///   - catalogue: The daemon's pool, for a short look at the catalogue once a minute, so that servers without the
    ///     application's tables get no connection more.
    ///   - limits: How long things may take and how many there may be.
    ///   - mode: What the configuration says now.
    ///   - onChange: Called when figures can't be had any more, with the reason, and with `nil` when they can again.
    ///   - clock: The time since some start, by a clock that nobody sets.
    package init(
        _ settings: ConnectionSettings,
        catalogue: ConnectionPool,
        limits: ReceptionLimits = ReceptionLimits(),
        mode: @escaping @Sendable () -> ReceptionMode,
        onChange: @escaping @Sendable ((any OperatorError)?) -> Void = { _ in },
        clock: @escaping @Sendable () -> Duration = MonotonicTime.sinceStart
    ) {
        database = ReceptionDatabase(settings, catalogue: catalogue, limits: limits)
        self.limits = limits
        self.mode = mode
        self.onChange = onChange
        self.clock = clock
        role = settings.user
        memory = Mutex(
            Memory(
                users: UserCache(
                    lifetime: limits.accessLifetime,
                    refusalLifetime: limits.refusalLifetime,
                    capacity: limits.users
                )
            )
        )
        figureRuns = SharedRuns(maximumWaiters: limits.waiters)
        userRuns = SharedRuns(maximumWaiters: limits.waiters)
        schemaRuns = SharedRuns(maximumWaiters: limits.waiters)
    }

    /// Works until the task is cancelled; then all who wait are refused and the connections closed.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.database.pool.run() }
            group.addTask { await self.schemaRuns.run { _ in try await self.readSchema() } }
            group.addTask { await self.userRuns.run { try await self.readAccess(of: $0) } }
            group.addTask { await self.figureRuns.run { try await self.readFigures($0) } }
            group.addTask { await self.watchSchema() }
        }
    }

    /// Until when a request is waited for that comes now.
    package func deadline() -> ReceptionDeadline { ReceptionDeadline(time: clock() + limits.patience) }

    private func withDeadline<Value: Sendable>(
        _ deadline: ReceptionDeadline,
        or refusal: ReceptionError,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withTimeLimit(deadline.time - clock(), or: refusal, body)
    }

    // MARK: - Figures

    /// The figures of now, or zeros where the statistics are switched off.
    ///
    /// - Parameters:
    ///   - site: The site whose sales are meant; `nil` for all figures.
    ///   - mode: What the configuration says; `nil` for what it says now.
    ///   - deadline: Until when is waited; `nil` for as long as for a request that comes now.
    /// - Throws: ``ReceptionError``, ``PostgresError``; `CancellationError` when the task is cancelled or the daemon stops.
    package func figures(
        site: UUID? = nil,
        mode: ReceptionMode? = nil,
        by deadline: ReceptionDeadline? = nil
    ) async throws -> ReceptionFigures {
        let mode = mode ?? self.mode()
        let question = ReceptionQuestion(rules: mode.rules, timeZone: mode.timeZone, site: site)
        if mode.isEnabled == false { return .zero(question, at: .now) }
        return try await figures(question, by: deadline)
    }

    /// The figures that answer a question, whether the statistics are switched on or not.
    package func figures(
        _ question: ReceptionQuestion,
        by deadline: ReceptionDeadline? = nil
    ) async throws -> ReceptionFigures {
        let deadline = deadline ?? self.deadline()
        if await isNotHere(by: deadline) { throw ReceptionError.notHere }
        let start = clock()
        do {
            let figures = try await withDeadline(deadline, or: .tooSlow(after: limits.patience)) {
                try await self.figureRuns.result(question)
            }
            meter.record(seconds: seconds(since: start), isError: false)
            // What one site's sales can't tell says nothing of the rest.
            if question.site == nil { note(nil) { $0.figuresCame() } }
            return figures
        } catch let error as any OperatorError {
            if case ReceptionError.unknownSite = error { throw error }
            countFailure(since: start)
            if question.site == nil { note(error) { $0.figuresFailed(error) } }
            throw error
        }
    }

    /// How many requests wait for figures.
    package var waiting: Int { figureRuns.waiterCount }

    /// Whether the statistics are on: then they are counted, and shown among the metrics.
    package var isOn: Bool {
        switch mode().isEnabled {
        case let isEnabled?: isEnabled
        case nil: memory.withLock { $0.schema?.report.isApplication } ?? false
        }
    }

    /// Whether nobody asked for the statistics and this is no database of the application, as far as is known.
    package func isNotHere(by deadline: ReceptionDeadline? = nil) async -> Bool {
        guard mode().isEnabled == nil else { return false }
        // That it is one is believed until something fails: nobody should wait for a server that hangs.
        if memory.withLock({ $0.schema?.report.isApplication }) == true { return false }
        let limit = (deadline ?? self.deadline()).time - clock()
        let report = try? await withTimeLimit(limit, or: .noAnswer(after: limit)) { try await self.schemaReport() }
        return report.map { !$0.isApplication } ?? false
    }

    private func readFigures(_ question: ReceptionQuestion) async throws -> ReceptionFigures {
        let report = try await schemaReport(for: question.tables)
        if let obstacle = report.obstacle(to: question.tables, role: role) { throw obstacle }
        do {
            return try await read(question, report.schema)
        } catch  where !(error is ReceptionError) {
            // The failure has had the tables looked up, if they could be the reason.
            guard let schema = memory.withLock({ $0.schema?.report.schema }), schema != report.schema else {
                throw error
            }
            return try await read(question, schema)
        }
    }

    private func read(_ question: ReceptionQuestion, _ schema: ReceptionSchema) async throws -> ReceptionFigures {
        try await explaining(question.tables) { try await self.database.figures(question, schema) }
    }

    private func countFailure(since start: Duration) {
        if isOn { meter.record(seconds: seconds(since: start), isError: true) }
    }

    private func seconds(since start: Duration) -> Double {
        let elapsed = (clock() - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    /// Tells an error, or that there is none any more, where that is news.
    private func note(_ error: (any OperatorError)?, _ isNews: (inout ReceptionTroubles) -> Bool) {
        // Also where the statistics are switched off users are asked for.
        guard isOn || mode().isEnabled == false, memory.withLock({ isNews(&$0.troubles) }) else { return }
        onChange(error)
    }

    // MARK: - Users

    /// Whether a user may see the figures; what is known is believed for half a minute.
    ///
    /// Where that can't be found out, nobody asks for the figures any more: it counts as a request that got none.
    ///
    /// - Parameter deadline: Until when is waited; `nil` for as long as for a request that comes now.
    /// - Throws: ``ReceptionError``, ``PostgresError``; `CancellationError` when the task is cancelled or the daemon stops.
    package func access(of user: UUID, by deadline: ReceptionDeadline? = nil) async throws -> UserAccess {
        let start = clock()
        if let access = memory.withLock({ $0.users.access(of: user, at: start) }) { return access }
        do {
            let access = try await withDeadline(deadline ?? self.deadline(), or: .noAnswer(after: limits.patience)) {
                try await self.userRuns.result(user)
            }
            note(nil) { $0.userCame() }
            return access
        } catch let error as any OperatorError {
            countFailure(since: start)
            note(error) { $0.userFailed(error) }
            throw error
        }
    }

    private func readAccess(of user: UUID) async throws -> UserAccess {
        let askedAt = clock()
        if let known = memory.withLock({ $0.schema }), askedAt < known.askedAt + limits.obstacleLifetime,
            let obstacle = known.report.obstacle(to: [.users], role: role)
        {
            throw obstacle
        }
        let access = try await explaining([.users]) { try await self.database.access(of: user) }
        let now = clock()
        memory.withLock { $0.users.remember(access, of: user, askedAt: askedAt, at: now) }
        return access
    }

    // MARK: - Tables

    /// What the tables have, at most a minute old; where that can't be found out, what was known last.
    ///
    /// Then that is believed for another minute: nobody waits again and again for a server that is down, and a statement that finds
    /// the tables changed has them looked at anyway.
    ///
    /// - Parameter tables: Those that matter: of these it is looked up sooner whether what lacks still does.
    /// - Throws: ``ReceptionError``, ``PostgresError``, when nothing was known; `CancellationError`.
    package func schemaReport(for tables: [ReceptionTable] = ReceptionTable.allCases) async throws -> SchemaReport {
        let now = clock()
        if let known = memory.withLock({ $0.schema }) {
            let lifetime = lifetime(of: known.report, for: tables)
            if now < max(known.triedUntil, known.askedAt + lifetime) { return known.report }
        }
        do {
            let limit = limits.connectionPatience
            return try await withTimeLimit(limit, or: .noAnswer(after: limit)) {
                try await self.schemaRuns.result(true)
            }
        } catch let error as any OperatorError {
            let now = clock()
            return try memory.withLock { memory in
                guard let report = memory.schema?.report else { throw error }
                let patience = max(limits.absenceLifetime, lifetime(of: report, for: tables))
                memory.schema?.triedUntil = now + patience
                return report
            }
        }
    }

    /// How long a report is believed that was found now.
    private func lifetime(of report: SchemaReport, for tables: [ReceptionTable]) -> Duration {
        if !report.isApplication { return limits.absenceLifetime }
        return report.obstacle(to: tables, role: role) == nil ? limits.schemaLifetime : limits.obstacleLifetime
    }

    /// The indexes that make the figures scale, and which of them there are.
    ///
    /// - Throws: ``ReceptionError`` where a table is not there or can't be seen; ``PostgresError``.
    package func indexes() async throws -> [ReceptionIndexState] {
        let report = try await schemaRuns.result(true)
        if !report.hasAllTables, let obstacle = report.obstacle(role: role) { throw obstacle }
        return try await database.indexes()
    }

    private func readSchema() async throws -> SchemaReport {
        let askedAt = clock()
        let report = try await database.schema()
        let wasApplication = memory.withLock { memory in
            defer { memory.schema = (report, askedAt, askedAt) }
            return memory.schema?.report.isApplication == true
        }
        if wasApplication, !report.isApplication, mode().isEnabled == nil {
            // From here on this is nobody's business any more; that it was should not end without a word.
            let error = ReceptionError.tablesMissing(report.missingTables)
            if memory.withLock({ $0.troubles.figuresFailed(error) }) { onChange(error) }
        }
        return report
    }

    /// Keeps what is known of the tables fresh: whether the metrics are shown depends on it, and how the tables are best read.
    private func watchSchema() async {
        while !Task.isCancelled {
            // A server that is down is told of by others.
            if mode().isEnabled != false { _ = try? await schemaReport() }
            try? await Task.sleep(for: limits.schemaLifetime)
        }
    }

    /// Runs a statement; when the tables are not as they were, says what lacks and how it is mended.
    private func explaining<Value: Sendable>(
        _ tables: [ReceptionTable],
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as ReceptionDatabase.SchemaChanged {
            _ = try await schemaRuns.result(true)
            throw error
        } catch let error as PostgresError {
            switch error.sqlState {
            // undefined_table, undefined_column, insufficient_privilege, wrong_object_type
            case "42P01", "42703", "42501", "42809":
                // Shared by all who meet it.
                let report = try? await schemaRuns.result(true)
                throw report?.obstacle(to: tables, role: role) ?? error
            case _ where error.isLock: throw ReceptionError.locked(seconds: limits.lockTimeout.components.seconds)
            case "57014":  // query_canceled, by statement_timeout
                // The index that was there may be gone.
                _ = try? await schemaRuns.result(true)
                // A user is found in no time, unless somebody locks the table.
                throw tables == [.users]
                    ? ReceptionError.noAnswer(after: limits.statementTimeout) : .tooSlow(after: limits.statementTimeout)
            default: throw error
            }
        }
    }
}
