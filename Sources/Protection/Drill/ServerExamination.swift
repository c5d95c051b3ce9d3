import Blocking
import PostgresClient
import Repository

/// Looks through all databases of the restored server and runs the operator's own checks.
struct ServerExamination {
    let server: ScratchServer
    let facts: ServerFacts
    let majorVersion: Int
    let statements: [DrillStatement]
    let deadline: DrillDeadline
    let cancellation: CancellationFlag
    let progress: ProgressMeter

    /// Looks at everything and adds to a result.
    ///
    /// - Throws: `CancellationError`, ``DrillObstacle``.
    func perform(_ result: inout DrillResult) throws {
        let (role, databases) = try logIn()
        progress.enter("checking", bytesTotal: databases.map(\.bytes).reduce(0, +))
        for database in databases { try examine(database.name, as: role, &result) }
        for (number, statement) in statements.enumerated() {
            let name = statement.database ?? databases.first?.name ?? "postgres"
            let check = OwnCheck(server: server, user: role, deadline: deadline, cancellation: cancellation)
            result.checks.append(try check.run(statement, number: number + 1, in: name))
        }
    }

    /// Finds a superuser who may log in, and the databases that can be connected to, largest first.
    private func logIn() throws -> (role: String, databases: [(name: String, bytes: Int64)]) {
        let known = facts.databases.filter(\.allowConnections).sorted { $0.sizeBytes ?? 0 > $1.sizeBytes ?? 0 }.map(
            \.name
        )
        var failures: [String] = []
        for role in facts.superusers.isEmpty ? ["postgres"] : facts.superusers {
            for database in (known + ["postgres", "template1"]).uniqued {
                do {
                    let connection = try server.connect(database: database, user: role, cancellation: cancellation)
                    return (role, try list(connection))
                } catch let error as PostgresError {
                    guard server.isRunning else { throw lost(while: "logging in") }
                    failures.append(error.message)
                }
            }
        }
        throw DrillObstacle.cannotJudge(
            "nobody could log in to the restored server: \(failures.first ?? "no role is known")"
        )
    }

    private func list(_ connection: BlockingConnection) throws -> [(name: String, bytes: Int64)] {
        // -2 marks a database whose DROP was interrupted (pg_database.h, DATCONNLIMIT_INVALID_DB).
        let rows = try connection.query(
            "SELECT datname, pg_database_size(oid) FROM pg_database WHERE datallowconn AND datconnlimit <> -2 "
                + "ORDER BY 2 DESC, 1",
            timeout: deadline.remaining,
            cancellation: cancellation
        ).rows
        return try rows.map { (try $0.decode(0, as: String.self), try $0.decode(1, as: Int64.self)) }
    }

    private func examine(_ database: String, as role: String, _ result: inout DrillResult) throws {
        let connection: BlockingConnection
        do {
            connection = try server.connect(database: database, user: role, cancellation: cancellation)
        } catch let error as PostgresError {
            guard server.isRunning else { throw lost(while: "connecting to \"\(database)\"") }
            // One process that was killed makes the server take all others down with it, and recover anew.
            if error.isTransient, let interference = server.interference() {
                throw ServerFailure.endedFromOutside(while: "connecting to \"\(database)\"", interference)
            }
            let state = ServerFailure.state(of: error)
            result.checks.append(DrillCheck("tables of \"\(database)\"", state, detail: error.message))
            return
        }
        var examination = DatabaseExamination(
            database: database,
            connection: connection,
            majorVersion: majorVersion,
            deadline: deadline,
            cancellation: cancellation,
            progress: progress
        )
        defer {
            result.checks += examination.checks
            result.tables += examination.figures.tables
            result.rows += examination.figures.rows
            result.checkedBytes += examination.figures.bytes
        }
        do {
            try examination.perform()
        } catch let error as PostgresError {
            try deadline.check()
            if let interference = server.interference() {
                throw ServerFailure.endedFromOutside(while: "\"\(database)\" was read", interference)
            }
            throw DrillObstacle.failed(
                "the restored server broke off while \"\(database)\" was read: \(error.message); \(server.explanation)"
            )
        }
    }

    private func lost(while doing: String) -> DrillObstacle {
        if let interference = server.interference() {
            return ServerFailure.endedFromOutside(while: doing, interference)
        }
        return .failed("the restored server ended while \(doing): \(server.explanation)")
    }
}

extension [String] {
    /// Without repetitions, in order.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
