import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("A database that a dump replaces")
struct DumpReplaceTests {
    private static func options(_ bench: DumpBench, user: String = "postgres") -> DumpRestoreOptions {
        var options = DumpRestoreOptions(connection: bench.connection("recyclic", user: user))
        options.programs = bench.server.binaries.directory
        options.ingest = IngestOptions(workers: 2)
        options.replaces = true
        return options
    }

    /// A role that may restore, and read all, but is no superuser; the database belongs to it.
    private static func makeKeeper(_ bench: DumpBench) throws {
        try bench.server.execute(
            "CREATE ROLE keeper LOGIN CREATEDB; GRANT pg_read_all_data TO keeper; ALTER DATABASE recyclic OWNER TO keeper"
        )
    }

    private static func databases(_ bench: DumpBench) throws -> String {
        try bench.server.psql(
            "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate"
        )
    }

    private static let isOpen = "SELECT datallowconn FROM pg_database WHERE datname = 'recyclic'"

    @Test("stays open when a session in it may not be ended")
    func foreignSession() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try Self.makeKeeper(bench)
            let held = try HeldRestore(bench)
            try bench.server.execute("CREATE TABLE mine AS SELECT 1", database: "recyclic")
            let before = try bench.rows("recyclic")
            var options = Self.options(bench, user: "keeper")
            options.endsSessions = true
            options.withoutOwners = true
            var guests: [BlockingConnection] = []
            let result = try held.perform(options) { _ in
                guests = [try BlockingConnection.connect(bench.connection(user: "postgres"))]
            }
            let refused = #expect(throws: BackupError.self) { try result.get() }
            #expect(refused?.code == "databaseInUse", "\(String(describing: refused))")
            #expect(refused?.message.contains("\(guests[0].backendPID): postgres") == true, "\(refused?.message ?? "")")
            #expect(refused?.message.contains("\"keeper\" may not end") == true, "\(refused?.message ?? "")")
            #expect(try bench.server.psql(Self.isOpen) == "t")
            #expect(try bench.rows("recyclic") == before && guests[0].isUsable)
            #expect(try Self.databases(bench) == "postgres,recyclic")
            // It is known before anything is begun, too.
            let early = #expect(throws: BackupError.self) {
                try DumpRestore(bench.repository, held.manifest, options).perform()
            }
            #expect(early?.code == "databaseInUse" && early?.hint?.contains("superuser") == true)
            guests.removeAll()
            let again = try held.perform(options) { _ in }.get()
            #expect(again.keptAs != nil && again.savedAs != nil)
            #expect(try bench.rows("recyclic") == before)
        }
    }

    @Test("is replaced however often those come back whose sessions are ended")
    func comingBack() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let manifest = try bench.dump().manifest
            try bench.server.execute("DELETE FROM ligne_depot", database: "recyclic")
            let isDone = CancellationFlag()
            let hasEnded = CancellationFlag()
            let guest = bench.connection(user: "postgres")
            startThread("guest") {
                while !isDone.isCancelled {
                    let connection = try? BlockingConnection.connect(guest)
                    while !isDone.isCancelled, (try? connection?.query("SELECT 1")) != nil { usleep(1_000) }
                }
                hasEnded.cancel()
            }
            defer {
                isDone.cancel()
                while !hasEnded.isCancelled { usleep(1_000) }
            }
            try bench.server.waitUntil("SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = 'recyclic'")
            var options = Self.options(bench)
            options.endsSessions = true
            let result = try DumpRestore(bench.repository, manifest, options).perform()
            #expect(try bench.server.psql("SELECT count(*) > 0 FROM ligne_depot", database: "recyclic") == "t")
            #expect(try bench.server.psql(Self.isOpen) == "t")
            let kept = try #require(result.keptAs)
            #expect(try bench.server.psql("SELECT count(*) FROM ligne_depot", database: kept) == "0")
        }
    }

    @Test(
        "is told from the half-made one: that is no database to dump, and whoever looks into it does not stop the restore"
    )
    func halfMade() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let held = try HeldRestore(bench)
            var listed = DumpableDatabases(names: [])
            var guest: BlockingConnection?
            let result = try held.perform(Self.options(bench)) { growing in
                guest = try BlockingConnection.connect(bench.connection(growing, user: "postgres"))
                listed = try DumpableDatabases(
                    asking: bench.connection("postgres", user: "postgres"),
                    cancellation: CancellationFlag()
                )
            }
            #expect(listed == DumpableDatabases(names: ["postgres", "recyclic"]))
            #expect(try result.get().keptAs != nil)
            #expect(throws: PostgresError.self) { try guest?.query("SELECT 1") }
        }
    }

    @Test("is known to have been replaced also when the answer to COMMIT gets lost")
    func lostAnswer() async throws {
        try await blocking {
            // Only the sessions that rename wait for a standby, after their COMMIT is done and before they say so.
            let bench = try DumpBench { $0.settings = ["synchronous_commit": "local"] }
            try bench.fill()
            let server = bench.server
            try server.execute(
                """
                CREATE ROLE renamer SUPERUSER LOGIN;
                ALTER ROLE renamer IN DATABASE postgres SET synchronous_commit = 'on'
                """
            )
            let held = try HeldRestore(bench)
            let before = try bench.rows("recyclic")
            try server.execute("DELETE FROM ligne_depot", database: "recyclic")
            let isCut = CancellationFlag()
            let result = try held.perform(Self.options(bench, user: "renamer")) { _ in
                try server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
                try server.execute("SELECT pg_reload_conf()")
                startThread("cut") {
                    let cut =
                        "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                    if (try? server.waitUntil(cut)) != nil { isCut.cancel() }
                }
            }
            #expect(isCut.isCancelled)
            let kept = try #require(try result.get().keptAs)
            #expect(try bench.rows("recyclic") == before)
            #expect(try server.psql("SELECT count(*) FROM ligne_depot", database: kept) == "0")
            #expect(try Self.databases(bench) == ["postgres", "recyclic", kept].sorted().joined(separator: ","))
        }
    }

    @Test("is said to be neither replaced nor as it was when nobody can know")
    func unknownOutcome() async throws {
        try await blocking {
            let bench = try DumpBench { $0.settings = ["synchronous_commit": "local"] }
            try bench.fill()
            let server = bench.server
            try server.execute(
                """
                CREATE ROLE renamer SUPERUSER LOGIN;
                ALTER ROLE renamer IN DATABASE postgres SET synchronous_commit = 'on'
                """
            )
            let held = try HeldRestore(bench)
            let before = try bench.rows("recyclic")
            let isStopped = CancellationFlag()
            let impatient: (inout DumpRestore) -> Void = { $0.outcomePatience = .milliseconds(500) }
            let result = try held.perform(Self.options(bench, user: "renamer"), impatient) { _ in
                try server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
                try server.execute("SELECT pg_reload_conf()")
                startThread("stop") {
                    let isDone = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                    guard (try? server.waitUntil(isDone)) != nil, (try? server.stop(.immediate)) != nil else { return }
                    isStopped.cancel()
                }
            }
            let error = #expect(throws: BackupError.self) { try result.get() }
            #expect(error?.code == "outcomeUnknown" && error?.message.contains("as it was") == false)
            // Nor was anything tried with what may be the new database or the only copy of it.
            #expect(error?.message.contains("half-made") == false, "\(String(describing: error))")
            while !isStopped.isCancelled { usleep(1_000) }
            try server.start()
            // It was done; had it not been, the half-made database would still be there for the operator to see.
            #expect(try Self.databases(bench).hasPrefix("postgres,recyclic,recyclic_before_"))
            #expect(try bench.rows("recyclic") == before)
        }
    }

    @Test("is not dropped half-made by another restore that finds nobody in it")
    func claimed() async throws {
        try await blocking {
            let bench = try DumpBench()
            let target = bench.connection("copy", user: "postgres")
            let name = HalfMadeDatabase.prefix + "x"
            try bench.server.execute("CREATE DATABASE \(name)")
            try bench.server.execute("COMMENT ON DATABASE \(name) IS '\(HalfMadeDatabase.comment)'")
            func abandoned() throws -> [String] {
                try TargetServer(target, cancellation: CancellationFlag()).abandoned()
            }
            try withExtendedLifetime(try TargetServer(target, cancellation: CancellationFlag())) { restore in
                try restore.claim(name)
                #expect(try abandoned().isEmpty)
            }
            try bench.server.waitUntil("SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")
            #expect(try abandoned() == [name])
        }
    }

    @Test("is replaced although the server vacuums it")
    func vacuum() async throws {
        try await blocking {
            let bench = try DumpBench { $0.settings = ["autovacuum_naptime": "1"] }
            try bench.fill()
            try Self.makeKeeper(bench)
            let manifest = try bench.dump(bench.request(bench.connection(user: "postgres"))).manifest
            try bench.server.execute(
                """
                CREATE TABLE worn WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)
                    AS SELECT generate_series(1, 200000) AS a;
                DELETE FROM worn WHERE a % 2 = 0
                """,
                database: "recyclic"
            )
            let isVacuumed = """
                SELECT count(*) > 0 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND datname = 'recyclic'
                   AND query ~ 'worn'
                """
            try bench.server.waitUntil(isVacuumed)
            var options = Self.options(bench, user: "keeper")
            options.withoutOwners = true
            #expect(try DumpRestore(bench.repository, manifest, options).preview().sessions.isEmpty)
            options.endsSessions = true
            let result = try DumpRestore(bench.repository, manifest, options).perform()
            #expect(result.keptAs != nil)
            #expect(try bench.server.psql(Self.isOpen) == "t")
        }
    }
}
