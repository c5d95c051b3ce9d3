import Glibc

extension PrivatePostgres {
    /// Runs SQL with psql as the superuser over the socket.
    ///
    /// - Parameters:
    ///   - sql: One or more statements; the first that fails ends it.
    ///   - database: The database to connect to.
    /// - Returns: The rows: a line each, columns divided by `|`, without the last line feed.
    /// - Throws: ``TestSupportError`` with the server's message.
    @discardableResult
    package func psql(_ sql: String, database: String = "postgres") throws -> String {
        let output = try Program.check(
            binaries.path("psql"),
            [
                "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", "--file=-",
                "--host", socketDirectory, "--port", "\(port)", "--username", "postgres", "--dbname", database,
            ],
            input: sql,
            environment: serverEnvironment
        )
        return output.last == "\n" ? String(output.dropLast()) : output
    }

    /// Runs SQL and drops what it returns.
    package func execute(_ sql: String, database: String = "postgres") throws {
        _ = try psql(sql, database: database)
    }

    /// Asks again and again until a query answers `t`.
    ///
    /// - Throws: ``TestSupportError`` when that takes longer than even a slow machine needs.
    package func waitUntil(_ sql: String, within patience: Duration = .seconds(60)) throws {
        let deadline = ContinuousClock.now + patience
        while try psql(sql) != "t" {
            guard ContinuousClock.now < deadline else { throw TestSupportError("it did not become true: \(sql)") }
            usleep(20_000)
        }
    }

    /// Runs one of the server's programs as the server's user, with the data directory reachable.
    ///
    /// - Parameters:
    ///   - program: `pg_checksums`, `pg_waldump`, `pg_verifybackup`, …
    ///   - arguments: Its arguments.
    /// - Throws: ``TestSupportError`` when it can't be started.
    package func run(_ program: String, _ arguments: [String]) throws -> Program.Result {
        let command = user.command(binaries.path(program), arguments)
        return try Program.run(command.program, command.arguments, environment: serverEnvironment)
    }
}
