import Blocking
import FoundationEssentials
import PostgresClient
import Synchronization

/// Asks the server.
final class ReceptionDatabase: Sendable {
    /// The tables have another column than was known.
    struct SchemaChanged: OperatorError {
        let code = "receptionSchemaChanged"
        let message = "the application's tables are being changed"
        let hint: String? = "Ask again."
    }

    /// Connections of the statistics' own: every session is read-only and bounded in time.
    let pool: ConnectionPool
    /// The daemon's pool, for the catalogue.
    let catalogue: ConnectionPool
    let limits: ReceptionLimits
    private let known: Mutex<KnownFiguresMemory>

    init(_ settings: ConnectionSettings, catalogue: ConnectionPool, limits: ReceptionLimits) {
        self.catalogue = catalogue
        self.limits = limits
        known = Mutex(KnownFiguresMemory(capacity: limits.knownFigures))
        pool = ConnectionPool(Self.session(settings, limits), Self.bounds(limits))
    }

    /// What the tables have and what lacks.
    func schema() async throws -> SchemaReport {
        try await catalogue.withConnection { try await SchemaReport.read($0, timeout: limits.connectionPatience) }
    }

    /// How it stands with the indexes that make the figures scale.
    func indexes() async throws -> [ReceptionIndexState] {
        try await catalogue.withConnection {
            try await ReceptionIndexState.read($0, timeout: limits.connectionPatience)
        }
    }

    /// Whether a user may see the figures.
    func access(of user: UUID) async throws -> UserAccess {
        let result = try await query("SELECT role::text AS role, is_active FROM users WHERE id = $1", [user])
        guard let row = result.rows.first else { return UserAccess(role: nil, isActive: false) }
        return UserAccess(role: try row.decode("role"), isActive: try row.decode("is_active"))
    }

    /// The figures, of one snapshot of a read-only transaction at REPEATABLE READ; those that are known, where it sees the same.
    ///
    /// Whoever rewrites a table holds it locked meanwhile, and a snapshot from before sees nothing of what was rewritten. So the
    /// tables are locked (for reading, which stops no reader or writer), and then the snapshot is taken.
    func figures(_ question: ReceptionQuestion, _ schema: ReceptionSchema) async throws -> ReceptionFigures {
        let tables = question.tables.filter { !schema.unlockableTables.contains($0) }.map(\.rawValue)
        let begin =
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            + (tables.isEmpty ? "" : "; LOCK TABLE \(tables.joined(separator: ", ")) IN ACCESS SHARE MODE")
        return try await onConnection { connection, timeout in
            let key = KnownFiguresMemory.Key(question: question, connection: connection.serial)
            let last = known.withLock { $0.recall(key) }
            let (figures, now) = try await connection.inTransaction(begin, timeout: timeout) {
                connection,
                cancellation in
                func row(_ sql: String, _ parameters: [any PostgresEncodable]) throws -> Row {
                    try connection.query(sql, parameters, timeout: timeout, cancellation: cancellation).onlyRow()
                }
                let (sql, parameters) = ReceptionSnapshot.statement(for: question)
                let snapshot = try ReceptionSnapshot(try row(sql, parameters))
                if let figures = last?.figures(in: snapshot, schema) { return (figures, last) }
                if let hasExits = snapshot.hasExits, hasExits != schema.hasExits { throw SchemaChanged() }
                let query = ReceptionQuery(question, schema, in: snapshot)
                return try query.figures(try row(query.sql, query.parameters))
            }
            known.withLock { $0.remember(now, for: key) }
            return figures
        }
    }

    private func query(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> QueryResult {
        try await onConnection { try await $0.query(sql, parameters, timeout: $1) }
    }

    private func onConnection<Value: Sendable>(
        _ body: @Sendable (Connection, _ timeout: Duration) async throws -> Value
    ) async throws -> Value {
        // The server ends the statement itself; a server that does not even do that is given a second more.
        let timeout = limits.statementTimeout + .seconds(1)
        var waitsSince: ContinuousClock.Instant?
        var hasReconnected = false
        while true {
            do {
                return try await pool.withConnection { try await body($0, timeout) }
            } catch let error as PostgresError where error.kind == .connectionLost && !hasReconnected {
                // The pool's connection may be older than the server's last restart.
                hasReconnected = true
            } catch let error as PostgresError where error.isLock {
                let since = waitsSince ?? .now - limits.lockAttempt
                waitsSince = since
                guard since.duration(to: .now) < limits.lockTimeout else { throw error }
                try await Task.sleep(for: limits.lockPause)
            }
        }
    }

    private static func session(_ settings: ConnectionSettings, _ limits: ReceptionLimits) -> ConnectionSettings {
        var session = settings
        session.applicationName = "recyclicd live stats"
        let milliseconds = limits.statementTimeout / .milliseconds(1)
        let lockMilliseconds = limits.lockAttempt / .milliseconds(1)
        let options = [
            "default_transaction_isolation=read\\ committed", "default_transaction_read_only=on",
            // What policies would hide is missed, not left out.
            "row_security=off", "statement_timeout=\(Int(milliseconds))", "lock_timeout=\(Int(lockMilliseconds))",
            "jit=off",
        ]
        session.options = ([settings.options ?? ""] + options.map { "-c \($0)" }).joined(separator: " ")
        session.cancelTimeout = .seconds(2)
        return session
    }

    private static func bounds(_ limits: ReceptionLimits) -> PoolConfiguration {
        var pool = PoolConfiguration()
        pool.maximumConnections = limits.connections
        pool.maximumWaiters = limits.waiters
        pool.waitTimeout = limits.connectionPatience
        return pool
    }
}

extension PostgresError {
    /// Whether somebody else's lock is in the way: lock_not_available, by `lock_timeout`, or deadlock_detected.
    var isLock: Bool { ["55P03", "40P01"].contains(sqlState) }
}
