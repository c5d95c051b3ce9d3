import Blocking
import PostgresClient
import Repository

/// One dump while it runs.
struct DatabaseDumpRun {
    let request: DumpRequest
    let repository: Repository
    let lock: RepositoryLock
    let cancellation: CancellationFlag
    let progress: ProgressMeter?

    /// Runs it.
    ///
    /// - Throws: ``BackupError``, ``PostgresError``, ``RepositoryError``; `CancellationError`.
    func run() throws -> DumpResult {
        let begin = ContinuousClock.now
        let database = request.connection.database
        progress?.enter("connecting")
        let snapshot = try DumpSnapshot(request.connection, cancellation: cancellation)
        defer { snapshot.release() }
        let programs = try ClientPrograms.find(for: snapshot.majorVersion, configured: request.programs)
        var server = try snapshot.server()
        let facts = try snapshot.database()
        let properties = try snapshot.properties()
        let largeObjects = try snapshot.largeObjects()
        let readsPasswords = try snapshot.readsPasswords()
        let names = try BackupNames(
            repository: repository,
            cluster: server.systemIdentifier,
            kind: .dump,
            database: database,
            halt: cancellation
        )

        // How much pg_dump will write nobody knows; the dump before is the best guess.
        let session = try IngestSession(
            repository: repository,
            lock: lock,
            options: request.ingest,
            previous: names.previousManifest,
            cancellation: cancellation,
            progress: progress
        )
        defer { session.abort() }
        progress?.enter("dumping", bytesTotal: names.previousManifest?.sizes.logicalBytes)
        let programSession = ProgramSession(
            named: applicationName(for: names.id),
            request.connection,
            over: snapshot.session,
            cancellation: cancellation
        )
        let pump = ProgramPump(
            session: programSession,
            environment: environment(for: names.id),
            liveness: request.connection.livenessTimeout,
            cancellation: cancellation
        )
        try session.beginStream(path: Array(DumpFacts.standardFile.utf8), mode: 0o600)
        let isWhole = largeObjects.unreadable == 0
        var findings: [BackupManifest.Finding] =
            isWhole ? [] : [.largeObjectsLeftOut(largeObjects, role: request.connection.user)]
        let warnings = try pump.run(programs.path("pg_dump"), arguments(snapshot, withLargeObjects: isWhole)) {
            try session.append($0)
        }
        // pg_dump has read all; what is held back from vacuum for it is so no longer than needed.
        programSession.disconnect()
        snapshot.release()
        try session.endFile()
        try session.beginStream(path: Array(DumpFacts.standardGlobalsFile.utf8), mode: 0o600)
        var roles = GlobalsRoles(looking: properties.neededRoles)
        let others = try pump.run(programs.path("pg_dumpall"), globalsArguments(withPasswords: readsPasswords)) {
            roles.add($0)
            try session.append($0)
        }
        try session.endFile()
        if !roles.missing.isEmpty { findings.append(.rolesMissing(roles.missing)) }
        findings += warnings + others.filter { other in !warnings.contains { $0.says(theSameAs: other) } }

        progress?.enter("finishing")
        // Of the rest of the server as much as can be known; of this database what the snapshot says.
        var collector = ServerFactsCollector(connection: request.connection, cancellation: cancellation)
        collector.database = database
        try collector.complete(&server)
        server.databases.removeAll { $0.name == database }
        server.databases.append(facts)
        server.databases.sort { $0.name < $1.name }
        let stored = try session.finish()
        let manifest = BackupManifest(
            repository: repository.id,
            id: names.id,
            cluster: server.systemIdentifier,
            previous: names.previousFile,
            startedAt: names.id.startedAt,
            stoppedAt: snapshot.takenAt,
            finishedAt: .now,
            codec: request.ingest.codec.rawValue,
            table: stored.table,
            sizes: stored.sizes,
            dump: DumpFacts(
                database: database,
                databaseBytes: facts.sizeBytes,
                encoding: facts.encoding,
                programVersion: programs.version.description,
                holdsRolePasswords: readsPasswords,
                largeObjectsLeftOut: isWhole ? 0 : largeObjects.all,
                leftOut: request.leftOut,
                properties: properties
            ),
            server: server,
            findings: findings,
            tool: request.tool
        )
        try cancellation.check()
        let digest = try repository.writeManifest(manifest)
        return DumpResult(manifest: manifest, digest: digest, duration: begin.duration(to: .now))
    }

    // MARK: - Programs

    /// The name that the programs' sessions have at the server.
    private func applicationName(for id: BackupID) -> String { "recyclicd \(id)" }

    private func environment(for id: BackupID) -> [String] {
        var connection = request.connection
        connection.applicationName = applicationName(for: id)
        return connection.environment(inheriting: request.environment)
    }

    /// Not compressed: the repository compresses, and only then finds what it has already.
    private func arguments(_ snapshot: DumpSnapshot, withLargeObjects: Bool) -> [String] {
        let patience = Int(request.tableLockPatience / .milliseconds(1))
        return [
            "--format=custom", "--compress=0", "--no-password",
            "--dbname=\(request.connection.databaseArgument)", "--snapshot=\(snapshot.name)",
            "--lock-wait-timeout=\(patience)",
        ] + (withLargeObjects ? [] : ["-B"])
    }

    private func globalsArguments(withPasswords: Bool) -> [String] {
        // By default it writes in the database's encoding, and names are compared with ours, which are in UTF-8.
        ["--globals-only", "--no-password", "--encoding=UTF8", "--database=\(request.connection.databaseArgument)"]
            + (withPasswords ? [] : ["--no-role-passwords"])
    }
}
