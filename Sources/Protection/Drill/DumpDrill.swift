import Blocking
import Glibc
import PostgresClient
import Repository

/// Rehearses the restoring of a dump: makes a cluster in a scratch folder, boots a server on it, gives it the roles and the
/// database, loads the dump with pg_restore and looks at all of it.
///
/// The same rules hold as for a base backup: the server can write to its scratch and socket folders alone.
struct DumpDrill: DrillPart {
    /// So many major versions after the source's will do.
    private static let majorsAhead = 10
    /// What the server's limits are; a dump needs none in particular.
    private static let limits = ServerLimits(
        maxConnections: 20,
        maxWorkerProcesses: 8,
        maxWALSenders: 0,
        maxPreparedTransactions: 0,
        maxLocksPerTransaction: 256
    )

    let contents: BackupContents
    let facts: DumpFacts
    let options: DrillOptions
    let deadline: DrillDeadline
    let cancellation: CancellationFlag
    let progress: ProgressMeter

    /// Does it.
    ///
    /// - Throws: ``DrillObstacle``, `CancellationError`.
    func perform(_ result: inout DrillResult) throws {
        let wanted = max(contents.majorVersion, ProgramVersion(text: facts.programVersion)?.major ?? 0)
        let (programs, major) = try server(wanted)
        let client = try cannotJudge { try ClientPrograms.find(for: wanted, configured: options.programs) }
        let user = try DrillUser.choose(for: options)
        let owner = user.owner
        let folders = try DrillFolders(options, owner: owner)
        defer { folders.remove() }
        try checkSpace(folders)
        let command = ConfinedCommand(user: user, writableFolders: [folders.scratch, folders.socket])
        progress.enter("making a server")
        try time(.initialize, &result) { try initialize(folders, programs, command) }
        let configuration = DrillConfiguration(
            socketFolder: folders.socket,
            folder: folders.configuration,
            majorVersion: major,
            limits: Self.limits
        )
        try configuration.write(owner: owner)
        let server = try time(.boot, &result) {
            let server = try ScratchServer(
                programs: programs,
                data: folders.data,
                configuration: configuration,
                command: command
            )
            do {
                try server.waitUntilReady(deadline: deadline, cancellation: cancellation)
            } catch let obstacle as DrillObstacle {
                // An empty cluster that does not start says nothing of the dump.
                throw DrillObstacle.cannotJudge(obstacle.reason, hints: obstacle.hints)
            }
            return server
        }
        defer { if server.isRunning { server.kill() } }
        try time(.load, &result) { result in
            try make(server, major: major)
            try load(server, client, user, &result)
        }
        try time(.checks, &result) { result in try examine(server, major: major, &result) }
        try time(.stop, &result) { try server.stop(deadline: deadline, cancellation: cancellation) }
    }

    // MARK: - Before the dump

    private var superuser: String { facts.properties?.bootstrapSuperuser ?? "postgres" }

    /// The programs of a server that can take the dump, and their major version.
    private func server(_ wanted: Int) throws -> (ServerPrograms, Int) {
        for major in wanted...wanted + Self.majorsAhead {
            guard let programs = ServerPrograms.find(major, configured: options.programs),
                access(programs.path("initdb"), X_OK) == 0
            else { continue }
            guard options.programs != nil else { return (programs, major) }
            // A folder that somebody named may hold any version.
            let version = ClientPrograms.version(of: programs.path("postgres"))?.major
            if let version, version >= wanted { return (programs, version) }
            break
        }
        throw DrillObstacle.cannotJudge(
            "the server programs of PostgreSQL \(wanted), or of a later version, are not on this machine",
            hints: ServerPrograms.installation(wanted)
        )
    }

    private func checkSpace(_ folders: DrillFolders) throws {
        // A database takes more than its dump for its indexes, and the WAL of loading it comes on top.
        let size = max(contents.manifest.table.bytes * 2, facts.databaseBytes ?? 0)
        let needed = size + (2 << 30)
        try checkSpace(in: folders, for: needed, reserve: options.reservedBytes)
    }

    private func initialize(_ folders: DrillFolders, _ programs: ServerPrograms, _ command: ConfinedCommand) throws {
        let lines = OutputTail()
        let start = command.command(
            programs.path("initdb"),
            [
                "--pgdata=\(folders.data)", "--username=\(superuser)", "--auth=trust", "--encoding=UTF8", "--locale=C",
                "--no-sync", "--no-instructions",
            ]
        )
        let child = try ChildProcess(start.path, start.arguments) { lines.add($0) }
        let status = try child.wait(deadline: deadline, cancellation: cancellation)
        guard status == .exited(0) else {
            let said = lines.lines.suffix(3).joined(separator: "; ")
            let isNameless = lines.lines.contains { $0.contains("could not look up effective user ID") }
            throw DrillObstacle.cannotJudge(
                "initdb made no cluster to restore into (\(status)): \(said)",
                hints: isNameless
                    ? [
                        "Give the daemon's user an entry in /etc/passwd: initdb does not run for a number without a name."
                    ]
                    : []
            )
        }
    }

    /// Makes the roles and the database. Tablespaces are not made: their folders are the source's.
    private func make(_ server: ScratchServer, major: Int) throws {
        let connection = try connect(server, "template1")
        if let file = facts.globalsFile, let script = try damage({ try contents.text(file) }) {
            for statement in SQLStatements.split(script) where !Self.isOfTablespaces(statement) {
                do {
                    try connection.simpleQuery(statement, timeout: deadline.remaining, cancellation: cancellation)
                } catch let error as PostgresError {
                    // The superuser is there already, and a role's setting may need what is not on this machine.
                    guard connection.isUsable else { throw lost(server, error) }
                }
            }
        }
        guard let database = contents.manifest.server.databases.first(where: { $0.name == facts.database }) else {
            throw DrillObstacle.failed("the manifest says nothing of the database \"\(facts.database)\"")
        }
        let maker = DatabaseMaker(facts: database, properties: facts.properties)
        do {
            // initdb made one of this name, which has another locale.
            if facts.database == "postgres" { try connection.simpleQuery("DROP DATABASE postgres") }
            try connection.simpleQuery(
                maker.creation(of: facts.database, majorVersion: major),
                timeout: deadline.remaining,
                cancellation: cancellation
            )
        } catch let error as PostgresError {
            guard connection.isUsable else { throw lost(server, error) }
            throw DrillObstacle.cannotJudge(
                "the database \"\(facts.database)\" can't be made on this machine: \(error.message)",
                hints: ["Give this machine the locale \(database.collate): see locale -a and dpkg-reconfigure locales."]
            )
        }
    }

    static func isOfTablespaces(_ statement: String) -> Bool {
        let words = statement.split(whereSeparator: \.isWhitespace).map { $0.uppercased() }
        if words.count > 1, words[1] == "TABLESPACE" { return true }
        // GRANT … ON TABLESPACE …, COMMENT ON TABLESPACE …
        guard let on = words.firstIndex(of: "ON"), on + 1 < words.count else { return false }
        return words[on + 1] == "TABLESPACE" && words[0] != "CREATE"
    }

    // MARK: - The dump

    private func load(
        _ server: ScratchServer,
        _ client: ClientPrograms,
        _ user: DrillUser,
        _ result: inout DrillResult
    ) throws {
        let problems = try deadline.limit(cancellation) { halt in
            progress.enter("loading", bytesTotal: contents.manifest.table.bytes)
            let reader = try damage {
                try BackupFileReader(
                    repository: contents.repository,
                    manifest: contents.manifest,
                    workers: options.workers,
                    cancellation: halt,
                    progress: progress
                )
            }
            let loader = DumpLoader(
                reader: reader,
                facts: facts,
                programs: client,
                connection: server.settings(database: facts.database, user: superuser),
                environment: [:],
                user: user.isSwitching ? user : .ourselves,
                cancellation: halt
            )
            return try damage { try loader.run(["--no-tablespaces", "--no-subscriptions"]) }
        }
        guard let problems else {
            result.checks.append(DrillCheck("loading the dump of \"\(facts.database)\"", .passed))
            return
        }
        if let interference = problems.interference ?? server.interference() {
            throw DrillObstacle.cannotJudge("the dump was not loaded: \(interference)")
        }
        let more = problems.count > 3 ? "; and \(problems.count - 3) more errors" : ""
        let text = problems.errors.prefix(3).joined(separator: "; ") + more
        // What this machine lacks is not the dump's fault, and what follows from it can't be told from what does not.
        let isOfMachine = problems.errors.contains(where: Self.isOfTheMachine)
        result.checks.append(
            DrillCheck("loading the dump of \"\(facts.database)\"", isOfMachine ? .cannotJudge : .failed, detail: text)
        )
    }

    /// Whether pg_restore failed for what is missing on this machine.
    static func isOfTheMachine(_ error: String) -> Bool {
        let signs = [
            "is not available", "could not open extension control file", "could not access file",
            "could not create locale",
            "could not open collator", "encoding conversion",
        ]
        return signs.contains(where: error.contains) || ServerFailure.isOfTheMachine(error)
    }

    private func examine(_ server: ScratchServer, major: Int, _ result: inout DrillResult) throws {
        progress.enter("checking", bytesTotal: contents.manifest.table.bytes)
        let connection = try connect(server, facts.database)
        var examination = DatabaseExamination(
            database: facts.database,
            connection: connection,
            majorVersion: major,
            isUnloggedPresent: true,
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
            try countTables(connection, &result)
            try examination.perform()
        } catch let error as PostgresError {
            throw lost(server, error)
        }
        for (number, statement) in options.statements.enumerated()
        where statement.database == nil || statement.database == facts.database {
            let runner = OwnCheck(server: server, user: superuser, deadline: deadline, cancellation: cancellation)
            result.checks.append(try runner.run(statement, number: number + 1, in: facts.database))
        }
    }

    private func countTables(_ connection: BlockingConnection, _ result: inout DrillResult) throws {
        guard let expected = facts.properties?.tables else { return }
        let found = try connection.query(
            """
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE \(DatabaseTables.condition)
            """,
            timeout: deadline.remaining,
            cancellation: cancellation
        ).onlyRow().decode(0, as: Int64.self)
        let name = "all tables of \"\(facts.database)\""
        guard found == expected else {
            let detail = "\(found) of \(expected) are there"
            // Extensions that this machine has in another version may bring other tables.
            let hasOthers = result.checks.contains { $0.state == .cannotJudge }
            result.checks.append(DrillCheck(name, hasOthers ? .cannotJudge : .failed, detail: detail))
            return
        }
        result.checks.append(DrillCheck(name, .passed, detail: "\(found)"))
    }

    // MARK: - Errors

    private func connect(_ server: ScratchServer, _ database: String) throws -> BlockingConnection {
        do {
            return try server.connect(database: database, user: superuser, cancellation: cancellation)
        } catch let error as PostgresError {
            throw lost(server, error)
        }
    }

    /// The scratch server went away, or took no connection.
    private func lost(_ server: ScratchServer, _ error: PostgresError) -> any Error {
        if deadline.hasPassed { return DrillObstacle.cannotJudge("it took longer than it may") }
        if let interference = server.interference() {
            return ServerFailure.endedFromOutside(while: "the dump was restored", interference)
        }
        return DrillObstacle.failed("the scratch server broke off: \(error.message); \(server.explanation)")
    }

    /// What goes wrong with the repository or a program, as a verdict.
    private func damage<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as RepositoryError {
            throw DrillObstacle.of(error)
        } catch let error as BackupError {
            // A program that this machine can't start.
            throw DrillObstacle.cannotJudge(error.message, hints: error.hint.map { [$0] } ?? [])
        }
    }

    private func cannotJudge<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as any OperatorError {
            throw DrillObstacle.cannotJudge(error.message, hints: error.hint.map { [$0] } ?? [])
        }
    }
}
