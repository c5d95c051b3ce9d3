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
                connected = try BlockingConnection.connect(settings, cancellation: cancellation)
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

    /// Runs a statement.
    func run(_ sql: String) throws {
        try connection.simpleQuery(sql, timeout: Self.patience, cancellation: cancellation)
    }

    /// Runs a statement that must not be kept from running by a cancellation: it cleans up.
    func cleanUp(_ sql: String) throws {
        try connection.simpleQuery(sql, timeout: Self.patience)
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
        let inside = try BlockingConnection.connect(target, cancellation: cancellation)
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

    /// The sessions in a database other than ours, as an operator would name them.
    func sessions(in database: String) throws -> [String] {
        try rows(
            """
            SELECT format('%s: %s%s%s', pid, usename, CASE WHEN application_name <> '' THEN ' (' || application_name || ')' END,
                          CASE WHEN client_addr IS NOT NULL THEN ' from ' || host(client_addr) END)
              FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 20
            """,
            [database]
        ).map { try $0.decode(0) }
    }

    /// The sessions in a database, those aside that are just about to end.
    func lastingSessions(in database: String) throws -> [String] {
        let deadline = DrillDeadline(in: .seconds(1))
        while true {
            let sessions = try sessions(in: database)
            if sessions.isEmpty || deadline.hasPassed { return sessions }
            usleep(50_000)
        }
    }

    /// Which of some roles the server does not have.
    func missing(roles: Set<String>) throws -> [String] {
        let present = Set(try rows("SELECT rolname FROM pg_roles").map { try $0.decode(0, as: String.self) })
        return roles.subtracting(present).sorted()
    }

    /// Which of some extensions the server could not make.
    func missing(extensions: [String]) throws -> [String] {
        let present = Set(
            try rows("SELECT DISTINCT name FROM pg_available_extensions").map { try $0.decode(0, as: String.self) }
        )
        return extensions.filter { !present.contains($0) }
    }

    /// Databases that restores of dead processes left half-made.
    func abandoned(prefix: String, comment: String) throws -> [String] {
        try rows(
            """
            SELECT datname FROM pg_database d
             WHERE starts_with(datname, $1) AND shobj_description(oid, 'pg_database') = $2 AND pg_has_role(datdba, 'USAGE')
               AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
            """,
            [prefix, comment]
        ).map { try $0.decode(0) }
    }

    // MARK: - Sessions

    /// Lets nobody in any more, and ends the sessions that are there.
    ///
    /// - Throws: ``BackupError`` when some don't end in time.
    func empty(_ database: String) throws {
        try run("ALTER DATABASE \(SetupSQL.identifier(database)) ALLOW_CONNECTIONS false")
        let deadline = DrillDeadline(in: .seconds(20))
        repeat {
            _ = try rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
                [database]
            )
            if try sessions(in: database).isEmpty { return }
            try connection.simpleQuery("SELECT pg_sleep(0.1)", cancellation: cancellation)
        } while !deadline.hasPassed
        throw BackupError(
            "databaseInUse",
            "the sessions in \"\(database)\" did not end: \(try sessions(in: database).joined(separator: ", "))"
        )
    }

    /// Lets everybody in again.
    func reopen(_ database: String) {
        try? cleanUp("ALTER DATABASE \(SetupSQL.identifier(database)) ALLOW_CONNECTIONS true")
    }

    // MARK: - Transactions

    /// Runs statements in one transaction: those of a step are done together or, when the step is optional and one fails, not at
    /// all.
    ///
    /// - Returns: What failed of the optional steps.
    /// - Throws: ``PostgresError``; nothing was done then.
    func transaction(_ needed: [String], optional: [[String]]) throws -> [String] {
        var failures: [String] = []
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
            try? cleanUp("ROLLBACK")
            throw error
        }
        return failures
    }
}
