import Blocking
import FoundationEssentials
import PostgresClient

/// Asks the server; knows nothing of what was asked before.
struct ReceptionDatabase: Sendable {
    /// Connections of the statistics' own: every session is read-only, at REPEATABLE READ, and bounded in time.
    let pool: ConnectionPool
    /// The daemon's pool, for the catalogue.
    let catalogue: ConnectionPool
    let limits: ReceptionLimits

    init(_ settings: ConnectionSettings, catalogue: ConnectionPool, limits: ReceptionLimits) {
        self.catalogue = catalogue
        self.limits = limits
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

    /// The figures, in one statement and so of one snapshot.
    func figures(_ question: ReceptionQuestion, _ schema: ReceptionSchema) async throws -> ReceptionFigures {
        let query = ReceptionQuery(question, schema)
        return try query.figures(try await self.query(query.sql, query.parameters).onlyRow())
    }

    private func query(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> QueryResult {
        do {
            return try await ask(sql, parameters)
        } catch let error as PostgresError where error.kind == .connectionLost {
            // The pool's connection may be older than the server's last restart.
            return try await ask(sql, parameters)
        }
    }

    private func ask(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> QueryResult {
        // The server ends the statement itself; a server that does not even do that is given a second more.
        let timeout = limits.statementTimeout + .seconds(1)
        return try await pool.withConnection { try await $0.query(sql, parameters, timeout: timeout) }
    }

    private static func session(_ settings: ConnectionSettings, _ limits: ReceptionLimits) -> ConnectionSettings {
        var session = settings
        session.applicationName = "recyclicd live stats"
        let milliseconds = limits.statementTimeout / .milliseconds(1)
        // Each statement is a transaction of its own, so the defaults of transactions are what it runs with.
        let options = [
            "default_transaction_isolation=repeatable\\ read", "default_transaction_read_only=on",
            "statement_timeout=\(Int(milliseconds))", "jit=off",
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
