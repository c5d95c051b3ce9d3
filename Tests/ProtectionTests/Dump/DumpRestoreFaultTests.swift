import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Restoring a dump while things go wrong")
struct DumpRestoreFaultTests {
    private static func options(_ bench: DumpBench, user: String = "postgres") -> DumpRestoreOptions {
        var options = DumpRestoreOptions(connection: bench.connection("copy", user: user))
        options.programs = bench.server.binaries.directory
        return options
    }

    private static func databases(_ bench: DumpBench) throws -> String {
        try bench.server.psql(
            "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate"
        )
    }

    @Test("ends as cancelled after ^C while the load runs, with all as it was")
    func cancelled() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let held = try HeldRestore(bench)
            let cancellation = CancellationFlag()
            let result = try held.perform(Self.options(bench), cancellation: cancellation, goesOn: false) { _ in
                cancellation.cancel()
            }
            #expect(throws: CancellationError.self) { try result.get() }
            #expect(try Self.databases(bench) == "postgres,recyclic")
        }
    }

    @Test("goes on when the session that made the database is gone, and leaves nothing when the server went away")
    func lostSession() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let held = try HeldRestore(bench)
            let end =
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()"
            let result = try held.perform(Self.options(bench)) { _ in try bench.server.execute(end) }
            #expect(throws: Never.self) { try result.get() }
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
            try bench.server.execute("DROP DATABASE copy")

            let broken = try held.perform(Self.options(bench)) { _ in try bench.server.restart(.immediate) }
            let error = #expect(throws: BackupError.self) { try broken.get() }
            #expect(error?.message.contains("the server is as it was") == true, "\(String(describing: error))")
            #expect(try Self.databases(bench) == "postgres,recyclic")
        }
    }

    @Test("names the half-made database that it can't take away")
    func leftover() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let held = try HeldRestore(bench)
            var growing = ""
            let impatient: (inout DumpRestore) -> Void = { $0.cleanUpPatience = .milliseconds(500) }
            let result = try held.perform(Self.options(bench), goesOn: false, impatient) {
                growing = $0
                try bench.server.stop(.immediate)
            }
            let error = #expect(throws: BackupError.self) { try result.get() }
            #expect(
                error?.message.contains("\"\(growing)\" could not be dropped") == true,
                "\(String(describing: error))"
            )
            #expect(error?.message.contains("as it was") == false && error?.hint?.contains("DROP DATABASE") == true)
            try bench.server.start()
            #expect(try Self.databases(bench) == "postgres,recyclic,\(growing)")
            // As it says, the next one takes it away.
            let next = try held.perform(Self.options(bench)) { _ in }.get()
            #expect(next.notes.contains { $0.contains(growing) }, "\(next.notes)")
            #expect(try Self.databases(bench) == "copy,postgres,recyclic")
        }
    }

    @Test("is not stopped by limits that the role has for its sessions")
    func limits() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute(
                """
                CREATE ROLE keeper SUPERUSER LOGIN;
                ALTER ROLE keeper SET statement_timeout = '3ms'; ALTER ROLE keeper SET idle_session_timeout = '200ms';
                """
            )
            let held = try HeldRestore(bench)
            let result = try held.perform(Self.options(bench, user: "keeper")) { _ in
                // What limits the session would have ended it by now.
                try bench.server.execute("SELECT pg_sleep(0.5)")
            }
            #expect(throws: Never.self) { try result.get() }
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
        }
    }

    @Test("keeps what was loaded when the statistics can't be gathered, and says so")
    func statistics() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            // The statistics of an index's expression are the only ones for which the server runs what it was given.
            try bench.server.execute(
                """
                CREATE FUNCTION picky(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_database() <> 'recyclic' AND current_setting('check_function_bodies') = 'on' THEN
                        RAISE 'no statistics of this'; END IF;
                    RETURN $1; END $$;
                CREATE TABLE counted AS SELECT generate_series(1, 100) AS a;
                CREATE INDEX ON counted (picky(a));
                """,
                database: "recyclic"
            )
            let manifest = try bench.dump().manifest
            let result = try DumpRestore(bench.repository, manifest, Self.options(bench)).perform()
            #expect(
                result.notes.contains { $0.contains("no statistics of this") && $0.contains("ANALYZE") },
                "\(result.notes)"
            )
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
        }
    }
}
