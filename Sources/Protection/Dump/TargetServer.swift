import Blocking
import Glibc
import PostgresClient

/// The server that a dump is restored to, seen from a database that is not the target.
///
/// Not Sendable: driven by the restore's thread.
final class TargetServer {
    /// What is there under the target's name.
    enum State: String {
        case absent
        case empty
        case filled
    }

    /// How long statements may take that make, rename and drop databases.
    private static let patience = Duration.seconds(600)

    /// How to reach the target.
    let target: ConnectionSettings
    private let connection: BlockingConnection
    private let cancellation: CancellationFlag

    /// Connects to a database beside the target.
    ///
    /// - Throws: ``PostgresError``; `CancellationError`.
    init(_ target: ConnectionSettings, cancellation: CancellationFlag) throws {
        self.target = target
        self.cancellation = cancellation
        var connected: BlockingConnection?
        var failure: PostgresError?
        for database in ["postgres", "template1"] where database != target.database && connected == nil {
            var settings = target
            settings.database = database
            do {
                connected = try BlockingConnection.connectWithoutLimits(settings, cancellation: cancellation)
            } catch let error as PostgresError {
                failure = failure ?? error
            }
        }
        guard let connected else {
            throw failure ?? PostgresError(.databaseMissing, "there is no database beside the target to connect to")
        }
        connection = connected
    }

    var version: ServerVersion { connection.serverVersion }

    /// Whether the connection holds, as far as is known.
    var isUsable: Bool { connection.isUsable }

    /// Runs a statement.
    func run(_ sql: String) throws {
        try run(sql, patience: Self.patience)
    }

    private func run(_ sql: String, patience: Duration) throws {
        try connection.simpleQuery(sql, timeout: patience, cancellation: cancellation)
    }

    private func rows(_ sql: String, _ parameters: [any PostgresEncodable] = []) throws -> [Row] {
        try Array(connection.query(sql, parameters, timeout: Self.patience, cancellation: cancellation).rows)
    }

    // MARK: - What is there

    /// What the role that restores may do.
    func role() throws -> (isSuperuser: Bool, canCreate: Bool) {
        let row = try connection.query("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
            .onlyRow()
        let isSuperuser: Bool = try row.decode(0)
        return (isSuperuser, try row.decode(1) || isSuperuser)
    }

    /// Who owns the target, and whether it may be replaced by our role; `nil` when there is none.
    func targetFacts() throws -> (owner: String, isOurs: Bool, isTemplate: Bool)? {
        let found = try rows(
            """
            SELECT pg_get_userbyid(datdba), pg_has_role(datdba, 'USAGE'), datistemplate
              FROM pg_database WHERE datname = $1
            """,
            [target.database]
        )
        guard let row = found.first else { return nil }
        return (try row.decode(0), try row.decode(1), try row.decode(2))
    }

    /// Whether a database that exists holds anything of somebody's.
    func isEmpty() throws -> Bool {
        let inside = try BlockingConnection.connectWithoutLimits(target, cancellation: cancellation)
        // 16384 is the first id that is not the system's own (access/transam.h, FirstNormalObjectId).
        return try inside.query(
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE c.oid >= 16384 AND n.nspname !~ '^pg_toast')
               AND NOT EXISTS (SELECT FROM pg_proc WHERE oid >= 16384)
               AND NOT EXISTS (SELECT FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_t')
               AND NOT EXISTS (SELECT FROM pg_type WHERE oid >= 16384)
               AND NOT EXISTS (SELECT FROM pg_largeobject_metadata)
            """,
            cancellation: cancellation
        ).onlyRow().decode(0)
    }

    /// The id of a database; `nil` when there is none of that name.
    func id(of database: String) throws -> Int64? {
        try rows("SELECT oid::bigint FROM pg_database WHERE datname = $1", [database]).first?.decode(0)
    }

    /// Which of some roles the server does not have.
    func missing(roles: Set<String>) throws -> [String] {
        let present = Set(try rows("SELECT rolname FROM pg_roles").map { try $0.decode(0, as: String.self) })
        return roles.subtracting(present).sorted()
    }

    /// Which of some tablespaces the server does not have.
    func missing(tablespaces: [String]) throws -> [String] {
        let present = Set(
            try rows("SELECT spcname FROM pg_tablespace").map { try $0.decode(0, as: String.self) }
        )
        return tablespaces.filter { !present.contains($0) }
    }

    /// Which of some extensions the server could not make.
    func missing(extensions: [String]) throws -> [String] {
        let present = Set(
            try rows("SELECT DISTINCT name FROM pg_available_extensions").map { try $0.decode(0, as: String.self) }
        )
        return extensions.filter { !present.contains($0) }
    }

    /// Says for as long as this connection lasts that a half-made database is somebody's, also while no session is in it.
    func claim(_ database: String) throws {
        _ = try rows("SELECT pg_advisory_lock(\(HalfMadeDatabase.key))", [database])
    }

    /// Databases that restores of dead processes left half-made. Each is claimed with that.
    func abandoned() throws -> [String] {
        let found: [String] = try rows(
            """
            SELECT datname FROM pg_database d
             WHERE \(HalfMadeDatabase.condition) AND pg_has_role(datdba, 'USAGE')
               AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid AND \(Self.isSomebodys))
            """
        ).map { try $0.decode(0) }
        return try found.filter { database in
            try rows("SELECT pg_try_advisory_lock(\(HalfMadeDatabase.key))", [database]).first?.decode(0) ?? false
        }
    }

    // MARK: - Sessions

    /// What sessions of somebody's have and the server's own have not, such as autovacuum's, which give way to whoever renames.
    /// To roles without more rights their kind does not show.
    private static let isSomebodys = "a.usesysid IS NOT NULL"
    /// Whom the server lets end a session (pg_terminate_backend).
    private static let mayEnd = """
        (current_setting('is_superuser') = 'on' OR NOT coalesce(r.rolsuper, false)
         AND (pg_has_role(a.usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE')))
        """

    /// The first sessions in a database.
    func sessions(in database: String) throws -> [TargetSession] {
        try rows(
            """
            SELECT format('%s: %s%s%s', a.pid, a.usename, CASE WHEN a.application_name <> '' THEN ' (' || a.application_name || ')' END,
                          CASE WHEN a.client_addr IS NOT NULL THEN ' from ' || host(a.client_addr) END), \(Self.mayEnd)
              FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
             WHERE a.datname = $1 AND a.pid <> pg_backend_pid() AND \(Self.isSomebodys) ORDER BY a.backend_start LIMIT 20
            """,
            [database]
        ).map { TargetSession(text: try $0.decode(0), isOurs: try $0.decode(1)) }
    }

    /// The sessions in a database, those aside that are just about to end.
    func lastingSessions(in database: String) throws -> [TargetSession] {
        let deadline = DrillDeadline(in: .seconds(1))
        while true {
            let sessions = try sessions(in: database)
            if sessions.isEmpty || deadline.hasPassed { return sessions }
            usleep(50_000)
        }
    }

    /// Ends the sessions in two databases that our role may end.
    ///
    /// - Parameters:
    ///   - id: The one.
    ///   - name: The other.
    func endSessions(id: Int64?, name: String) throws {
        _ = try rows(
            """
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
             WHERE (a.datid = $1 OR a.datname = $2) AND a.pid <> pg_backend_pid() AND \(Self.isSomebodys) AND \(Self.mayEnd)
            """,
            [id ?? 0, name]
        )
    }

    // MARK: - Transactions

    /// Runs statements in one transaction: those of a step are done together or, when the step is optional and one fails, not at
    /// all.
    ///
    /// - Parameter failures: Gets what failed of the optional steps; also when it is not known what came of COMMIT.
    /// - Throws: ``PostgresError``; nothing was done then, unless the connection is gone.
    func transaction(_ needed: [String], optional: [[String]], failures: inout [String]) throws {
        // Meanwhile others wait for the locks.
        func run(_ sql: String) throws { try self.run(sql, patience: .seconds(30)) }
        try run("BEGIN")
        do {
            for sql in needed { try run(sql) }
            for step in optional {
                try run("SAVEPOINT step")
                do {
                    for sql in step { try run(sql) }
                    try run("RELEASE step")
                } catch let error as PostgresError {
                    guard connection.isUsable else { throw error }
                    try run("ROLLBACK TO step")
                    failures.append("\(step.last ?? ""): \(error.message)")
                }
            }
            try run("COMMIT")
        } catch {
            try? run("ROLLBACK")
            throw error
        }
    }
}
