package import Blocking
import Glibc
import PostgresClient
package import Repository

/// Restores a dump into a database of a running server.
///
/// It grows in a database beside the target, which gets the target's name at the end: what goes wrong before leaves the target as
/// it was, and nothing beside it. A database that is replaced is dumped first, and kept under another name.
///
/// Its calls block; make them on a thread of their own.
package struct DumpRestore {
    /// The longest name of a database, in bytes.
    private static let longestName = 63

    private let repository: Repository
    private let manifest: BackupManifest
    private let facts: DumpFacts
    private let database: ServerFacts.DatabaseFacts
    private let options: DumpRestoreOptions
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter?
    /// How long a server that does not answer is waited for, to take away what was half-made.
    var cleanUpPatience = Duration.seconds(30)
    /// How long to look for what came of the renaming, when its end got lost.
    var outcomePatience = Duration.seconds(30)

    private var target: String { options.connection.database }

    /// - Parameters:
    ///   - repository: The repository.
    ///   - manifest: The dump.
    ///   - options: Where to and how.
    ///   - cancellation: Ends it, and takes away what it made.
    ///   - progress: Gets the phases `looking`, `saving`, `loading`, `analysing`, `renaming`.
    /// - Throws: ``RestoreError`` for a backup that is no dump.
    package init(
        _ repository: Repository,
        _ manifest: BackupManifest,
        _ options: DumpRestoreOptions,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) throws {
        guard let facts = manifest.dump,
            let database = manifest.server.databases.first(where: { $0.name == facts.database })
        else {
            throw RestoreError(
                .backupUnusable,
                "backup '\(manifest.id)' is a base backup, which is a whole data directory",
                hint: "Restore it into a folder: recyclicctl restore \(manifest.id) --to DIR"
            )
        }
        self.repository = repository
        self.manifest = manifest
        self.facts = facts
        self.database = database
        self.options = options
        self.cancellation = cancellation
        self.progress = progress
    }

    // MARK: - Looking

    /// Looks at the server and says what would be done; changes nothing.
    ///
    /// - Throws: ``BackupError``, ``RestoreError``, ``PostgresError`` for whatever stands in the way; `CancellationError`.
    package func preview() throws -> DumpRestorePreview {
        try look(TargetServer(options.connection, cancellation: cancellation))
    }

    private func look(_ server: TargetServer) throws -> DumpRestorePreview {
        progress?.enter("looking")
        _ = try clientPrograms()
        let role = try server.role()
        guard role.canCreate else {
            throw BackupError(
                "permissionDenied",
                "the role \"\(options.connection.user)\" may not create databases",
                hint: "Run as a superuser: ALTER ROLE \(SetupSQL.identifier(options.connection.user)) CREATEDB; "
                    + "or name another role in the URL."
            )
        }
        let (state, sessions) = try lookAtTarget(server)
        let roles = Set(facts.properties.map { $0.roles + [$0.owner] } ?? [])
        let missingRoles = try server.missing(roles: roles)
        let missingExtensions = try server.missing(extensions: (database.extensions ?? []).map(\.name))
        guard missingExtensions.isEmpty else {
            throw BackupError(
                "extensionsMissing",
                "the server does not have the extensions \(missingExtensions.joined(separator: ", "))",
                hint: "Install them on the server's machine, as packages; then run this again."
            )
        }
        var notes: [String] = []
        let major = manifest.server.versionNumber / 10_000
        if server.version.major < major {
            notes.append(
                "the dump is of PostgreSQL \(major), and the server is \(server.version): it may refuse parts of it"
            )
        }
        if let count = facts.largeObjectsLeftOut, count > 0 {
            notes.append("\(count) large objects are not in the dump")
        }
        return DumpRestorePreview(
            backup: manifest.id.description,
            database: facts.database,
            restorablePoint: (manifest.stoppedAt ?? manifest.startedAt).rfc3339,
            target: options.connection.description,
            targetDatabase: target,
            targetState: state.rawValue,
            serverVersion: server.version.description,
            owner: options.withoutOwners ? options.connection.user : facts.properties?.owner ?? options.connection.user,
            encoding: database.encoding,
            locale: "\(database.provider) \(database.icuLocale ?? database.collate)",
            logicalBytes: manifest.sizes.logicalBytes,
            missingRoles: missingRoles,
            missingTablespaces: try server.missing(tablespaces: facts.properties?.tablespaces ?? []),
            sessions: sessions.map(\.text),
            foreignSessions: sessions.filter { !$0.isOurs }.map(\.text),
            notes: notes
        )
    }

    private func lookAtTarget(_ server: TargetServer) throws -> (TargetServer.State, sessions: [TargetSession]) {
        guard let found = try server.targetFacts() else { return (.absent, []) }
        guard !found.isTemplate else {
            throw RestoreError(
                .targetInvalid,
                "the database \"\(target)\" is a template",
                hint: "Name another database."
            )
        }
        guard found.isOurs else {
            throw RestoreError(
                .targetInvalid,
                "the database \"\(target)\" belongs to \"\(found.owner)\"",
                hint: "Name another database, or a role that may replace this one: its owner, or a superuser."
            )
        }
        let sessions = try server.lastingSessions(in: target)
        let isEmpty = try server.isEmpty()
        guard isEmpty || options.replaces else {
            throw RestoreError(
                .targetNotEmpty,
                "the database \"\(target)\" exists and is not empty",
                hint:
                    "Name a database that does not exist, or add --replace: this one is dumped first and kept under another name."
            )
        }
        return (isEmpty ? .empty : .filled, sessions)
    }

    private func clientPrograms() throws -> ClientPrograms {
        let major = ProgramVersion(text: facts.programVersion)?.major ?? manifest.server.versionNumber / 10_000
        return try ClientPrograms.find(for: major, configured: options.programs)
    }

    /// What must be settled before anything is begun.
    private func check(_ preview: DumpRestorePreview) throws {
        if !preview.missingRoles.isEmpty, !options.withoutOwners {
            throw BackupError(
                "rolesMissing",
                "the server does not have the roles \(preview.missingRoles.joined(separator: ", ")), which own something in the "
                    + "dump or have rights on it",
                hint:
                    "\(BackupError.rolesAdvice(manifest.id)) or add "
                    + "--no-owner: then everything belongs to \"\(options.connection.user)\" and nobody else has rights."
            )
        }
        if !preview.missingTablespaces.isEmpty, !options.withoutTablespaces {
            let names = preview.missingTablespaces.map { "\"\($0)\"" }.joined(separator: ", ")
            throw BackupError(
                "tablespacesMissing",
                "the server does not have the tablespaces \(names), which something in the dump lies in",
                hint: "Make them, or add --no-tablespaces: then everything lies where the server puts it by default."
            )
        }
        let sessions = preview.sessions.map {
            TargetSession(text: $0, isOurs: !preview.foreignSessions.contains($0))
        }
        let foreign = sessions.filter { !$0.isOurs }
        if !sessions.isEmpty, !options.endsSessions { throw BackupError.databaseInUse(target, sessions) }
        if !foreign.isEmpty {
            throw BackupError.sessionsNotOurs(foreign, in: target, role: options.connection.user)
        }
    }

    // MARK: - Doing

    /// Restores.
    ///
    /// - Throws: ``BackupError``, ``RestoreError``, ``PostgresError``, ``RepositoryError``; `CancellationError`. The target is as it
    ///   was then.
    package func perform() throws -> DumpRestoreResult {
        let begin = ContinuousClock.now
        let server = try TargetServer(options.connection, cancellation: cancellation)
        let preview = try look(server)
        try check(preview)
        var notes = preview.notes
        for abandoned in try server.abandoned() {
            do { try server.run("DROP DATABASE \(SetupSQL.identifier(abandoned))") } catch is PostgresError { continue }
            notes.append("the database \"\(abandoned)\", which a restore that was killed had left, was dropped")
        }
        let saved = preview.targetState == TargetServer.State.filled.rawValue ? try save() : nil
        let growing = HalfMadeDatabase.prefix + String(UInt64.random(in: .min ... .max), radix: 36)
        let kept: String?
        do {
            try server.claim(growing)
            try make(growing, server)
            if let note = try load(growing) { notes.append(note) }
            progress?.enter("renaming")
            kept = try exchange(growing, preview, &notes)
        } catch {
            throw undo(growing, after: error)
        }
        return DumpRestoreResult(
            preview: preview,
            durationSeconds: begin.duration(to: .now) / .seconds(1),
            savedAs: saved?.description,
            keptAs: kept,
            notes: notes
        )
    }

    /// Dumps the database that is to be replaced, and pins that dump.
    private func save() throws -> BackupID {
        progress?.enter("saving")
        var request = DumpRequest(
            connection: options.connection,
            ingest: options.ingest,
            programs: options.programs,
            tool: options.tool,
            environment: options.environment
        )
        request.tableLockPatience = .seconds(60)
        let result = try DatabaseDump(request, to: repository, cancellation: cancellation).run()
        if let defect = result.manifest.defects.first {
            throw BackupError(
                "dumpNotWhole",
                "the dump of \"\(target)\" before it would be replaced is not whole: \(defect.message)",
                hint: "Name its owner or a superuser in the URL."
            )
        }
        let lock = try repository.lockForWriting(patience: request.lockPatience, cancellation: cancellation)
        defer { lock.release() }
        let listed = try repository.listing().resolve(result.id.description)
        try repository.addMark(
            .pin,
            to: listed.summary,
            by: "restore",
            details: ["reason": .string("before \(manifest.id) replaced it")]
        )
        return result.id
    }

    private func make(_ growing: String, _ server: TargetServer) throws {
        let maker = DatabaseMaker(facts: database, properties: facts.properties)
        do {
            try server.run(maker.creation(of: growing, majorVersion: server.version.major))
        } catch let error as PostgresError where error.sqlState == "22023" || error.sqlState == "42809" {
            throw BackupError(
                "localeMissing",
                "the server can't make a database with the locale of the one that was dumped: \(error.message)",
                hint:
                    "Give the server's machine the locale \(database.collate): see locale -a and dpkg-reconfigure locales."
            )
        }
        try server.run(
            "COMMENT ON DATABASE \(SetupSQL.identifier(growing)) IS \(SetupSQL.literal(HalfMadeDatabase.comment))"
        )
    }

    /// - Returns: What an operator should know.
    private func load(_ growing: String) throws -> String? {
        progress?.enter("loading", bytesTotal: manifest.table.bytes)
        var connection = options.connection
        connection.database = growing
        connection.applicationName = "recyclicd restore"
        connection = connection.withoutLimits
        let loader = DumpLoader(
            reader: try BackupFileReader(
                repository: repository,
                manifest: manifest,
                cancellation: cancellation,
                progress: progress
            ),
            facts: facts,
            programs: try clientPrograms(),
            connection: connection,
            environment: options.environment,
            cancellation: cancellation
        )
        let switches =
            (options.withoutOwners ? ["--no-owner", "--no-privileges"] : [])
            + (options.withoutTablespaces ? ["--no-tablespaces"] : [])
        if let problems = try loader.run(switches) {
            throw BackupError.restoreFailed(problems, manifest.id)
        }
        progress?.enter("analysing")
        // Without statistics the first queries would take forever; what our role may not look at is passed over.
        do {
            let inside = try BlockingConnection.connectWithoutLimits(connection, cancellation: cancellation)
            try inside.simpleQuery("ANALYZE", timeout: .seconds(4 * 3600), cancellation: cancellation)
            return nil
        } catch let error as PostgresError {
            // The data is there, and that is what hours were spent for.
            return "queries may be slow until somebody runs ANALYZE in the database: \(error.message)"
        }
    }

    /// Gives the new database the target's name.
    ///
    /// - Parameter notes: Gets what an operator should know.
    /// - Returns: The name that the one before it has now.
    private func exchange(_ growing: String, _ preview: DumpRestorePreview, _ notes: inout [String]) throws -> String? {
        let maker = DatabaseMaker(facts: database, properties: facts.properties)
        let isThere = preview.targetState != TargetServer.State.absent.rawValue
        let old = isThere ? Self.keptName(target) : nil
        let failures = try DatabaseExchange(
            target: options.connection,
            growing: growing,
            old: old,
            endsSessions: options.endsSessions,
            outcomePatience: outcomePatience,
            optional: maker.properties(of: target, withRoles: !options.withoutOwners),
            cancellation: cancellation
        ).perform()
        notes += failures.map { "this could not be set: \($0)" }
        guard let old, preview.targetState == TargetServer.State.empty.rawValue else { return old }
        // It was empty; should it not be any more, dropping would lose something. The work is done, whatever becomes of this.
        do {
            var emptied = options.connection
            emptied.database = old
            let server = try TargetServer(emptied, cancellation: CancellationFlag())
            guard try server.isEmpty() else { return old }
            try server.run("DROP DATABASE \(SetupSQL.identifier(old))")
            return nil
        } catch {
            return old
        }
    }

    /// Takes away what was half-made, over a new connection: the one that made it may be gone.
    ///
    /// - Returns: The error to end with.
    private func undo(_ growing: String, after error: any Error) -> any Error {
        // Nobody knows whether it is half-made any more, or the target.
        if let error = error as? BackupError, error.code == BackupError.outcomeUnknownCode { return error }
        let deadline = DrillDeadline(in: cleanUpPatience)
        let statement = "DROP DATABASE IF EXISTS \(SetupSQL.identifier(growing)) WITH (FORCE)"
        while true {
            do {
                try TargetServer(options.connection, cancellation: CancellationFlag()).run(statement)
                guard let error = error as? BackupError else { return error }
                return BackupError(error.code, "\(error.message); the server is as it was", hint: error.hint)
            } catch let failure as PostgresError where failure.isTransient && !deadline.hasPassed {
                usleep(200_000)
            } catch let failure {
                return BackupError.leaving(growing, failure, after: error)
            }
        }
    }

    /// What a database that is replaced is called afterwards; no longer than a name may be.
    static func keptName(_ name: String, at time: UTCTime = .now) -> String {
        let suffix = "_before_\(time.stamp)"
        var stem = name
        while stem.utf8.count + suffix.utf8.count > longestName { stem.removeLast() }
        return stem + suffix
    }
}
