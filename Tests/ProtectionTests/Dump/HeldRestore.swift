import Blocking
import Glibc
import PostgresClient
import Repository
import Synchronization
import TestSupport

@testable import Protection

/// A restore of the bench's database whose load waits in its midst, so that a test can do things meanwhile.
struct HeldRestore: Sendable {
    /// The role whose making lets the load go on.
    private static let role = "go on"
    /// What the load waits in; the view comes after the tables' data.
    private static let statements = """
        CREATE FUNCTION public.waits() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
            WHILE current_database() <> 'recyclic' AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(role)') LOOP
                PERFORM pg_sleep(0.02);
            END LOOP;
            RETURN 1; END $$;
        CREATE MATERIALIZED VIEW tail AS SELECT public.waits();
        """

    let bench: DumpBench
    /// The dump, of the database "recyclic".
    let manifest: BackupManifest

    /// Puts into the bench's database what holds a restore of it, and takes a dump; blocks.
    init(_ bench: DumpBench) throws {
        self.bench = bench
        try bench.server.execute(Self.statements, database: "recyclic")
        manifest = try bench.dump(bench.request(bench.connection(user: "postgres"))).manifest
    }

    /// Restores, and runs a body while the dump is loaded; blocks.
    ///
    /// - Parameters:
    ///   - options: Where to and how.
    ///   - cancellation: The restore's.
    ///   - body: Gets the name of the database that grows. The server must run afterwards unless `goesOn` says no.
    ///   - goesOn: Whether the load is let go on after the body.
    func perform(
        _ options: DumpRestoreOptions,
        cancellation: CancellationFlag = CancellationFlag(),
        goesOn: Bool = true,
        _ change: (inout DumpRestore) -> Void = { _ in },
        while body: (String) throws -> Void
    ) throws -> Result<DumpRestoreResult, any Error> {
        try bench.server.execute("DROP ROLE IF EXISTS \"\(Self.role)\"")
        var restore = try DumpRestore(bench.repository, manifest, options, cancellation: cancellation)
        change(&restore)
        let end = Ending()
        let ours = restore
        startThread("held restore") { end.keep(Result { try ours.perform() }) }
        do {
            try body(try waitUntilHeld(end))
            if goesOn { try bench.server.execute("CREATE ROLE \"\(Self.role)\"") }
        } catch {
            cancellation.cancel()
            _ = end.wait()
            throw error
        }
        return end.wait()
    }

    private func waitUntilHeld(_ end: Ending) throws -> String {
        while true {
            let found = try bench.server.psql(
                "SELECT datname FROM pg_stat_activity WHERE starts_with(datname, 'recyclic_restore_') AND wait_event = 'PgSleep'"
            )
            if !found.isEmpty { return found }
            if let result = end.result { throw TestSupportError("the restore did not wait: \(result)") }
            usleep(20_000)
        }
    }

    /// How it ended.
    private final class Ending: Sendable {
        private let kept = Mutex<Result<DumpRestoreResult, any Error>?>(nil)

        var result: Result<DumpRestoreResult, any Error>? { kept.withLock { $0 } }

        func keep(_ result: Result<DumpRestoreResult, any Error>) {
            kept.withLock { $0 = result }
        }

        func wait() -> Result<DumpRestoreResult, any Error> {
            while true {
                if let result { return result }
                usleep(10_000)
            }
        }
    }
}
