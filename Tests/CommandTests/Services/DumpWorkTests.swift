import Blocking
import Configuration
import Foundation
import Logging
import Protection
import Repository
import State
import TestSupport
import Testing

@testable import recyclicd

/// What becomes of a dump job that ends before its last database.
@Suite
struct DumpWorkTests {
    /// The work, with a server of its own, whose database "recyclic" has a table to be locked.
    private struct Bench {
        let folder: TemporaryDirectory
        let server: PrivatePostgres
        let state: StateStore
        let work: DumpWork
        let repository: RepositoryHolder
        let context: JobContext

        init(_ databases: String) async throws {
            folder = try TemporaryDirectory()
            server = try await PrivatePostgres.started()
            let server = server
            try await onOwnThread {
                try server.execute("CREATE DATABASE first")
                try server.execute("CREATE DATABASE recyclic")
                try server.execute("CREATE TABLE ticket AS SELECT 1 AS id", database: "recyclic")
            }
            state = try await StateStore.open(directory: folder.path, now: Date())
            let file = folder.path("recyclicd.env")
            let text = """
                BACKUP_REPOSITORY=\(folder.path("r"))
                POSTGRES_HOST=\(server.socketDirectory)
                POSTGRES_USER=postgres
                POSTGRES_DB=template1
                POSTGRES_BIN_DIRECTORY=\(server.binaries.directory)
                DUMP_DATABASES=\(databases)

                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let result = ConfigurationLoader.load(file: file, environment: ["STATE_DIRECTORY": folder.path])
            let settings = SettingsStore(try #require(result.settings), findings: [], file: file, environment: [:])
            repository = RepositoryHolder(path: folder.path("r"), stateFolder: folder.path)
            work = DumpWork(settings: settings, state: state, repository: repository)
            context = JobContext(
                id: JobID(number: 1),
                meter: ProgressMeter(),
                cancellation: CancellationFlag(),
                logger: Logger(label: "test")
            )
        }

        /// Runs the work; does something while it waits for the table of "recyclic", when "first" is stored.
        func run(meanwhile body: @escaping @Sendable () async throws -> Void) async throws -> JobResult {
            let (server, work, context) = (server, work, context)
            let holder = try await onOwnThread { try TableHolder("ticket", of: server) }
            async let result = work.run(context, only: nil)
            try await onOwnThread {
                try server.waitUntil(
                    "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2' AND wait_event_type = 'Lock'"
                )
            }
            try await body()
            try await onOwnThread { holder.release() }
            return try await result
        }

        func end() async throws {
            let server = server
            try await state.close()
            try await onOwnThread { try server.stop(.immediate) }
        }
    }

    @Test
    func `what was stored before an error of the repository is kept and told, and the rest is for the next attempt`()
        async throws
    {
        let bench = try await Bench("first, recyclic, postgres")
        let repository = bench.repository
        let result = try await bench.run {
            // From now on no manifest can be written.
            let clusters = bench.folder.path("r/clusters")
            let cluster = try #require(try FileManager.default.contentsOfDirectory(atPath: clusters).first)
            let backups = "\(clusters)/\(cluster)/backups"
            try FileManager.default.moveItem(atPath: backups, toPath: "\(backups).away")
            try Data().write(to: URL(fileURLWithPath: backups))
        }
        #expect(result.backups.count == 1 && !result.wasCancelled)
        #expect(result.events.map(\.kind) == [.backupStored, .backupFailed], "\(result.events)")
        let failure = try #require(result.badNews)
        #expect(failure.message.contains("not tried: \"postgres\" (1 of 3"), "\(failure)")
        #expect(
            JobRecord(text: try JobRecord(result).text)?.report(as: DumpReport.self)?.failed == [
                "recyclic", "postgres",
            ]
        )
        withExtendedLifetime(repository) {}
        try await bench.end()
    }

    @Test
    func `a failure before an error of the repository is told with it, also when nothing was stored`() async throws {
        let bench = try await Bench("missing, recyclic, postgres")
        let result = try await bench.run {
            // From now on no manifest can be written.
            let clusters = bench.folder.path("r/clusters")
            try? FileManager.default.moveItem(atPath: clusters, toPath: "\(clusters).away")
            try Data().write(to: URL(fileURLWithPath: clusters))
        }
        #expect(result.backups.isEmpty && !result.wasCancelled)
        #expect(result.events.map(\.kind) == [.backupFailed], "\(result.events)")
        let failure = try #require(result.badNews)
        #expect(failure.message.hasPrefix("the dump of database \"recyclic\" failed: "), "\(failure)")
        #expect(failure.message.contains("that of \"missing\": "), "\(failure)")
        #expect(failure.message.contains("\"missing\" does not exist"), "\(failure)")
        #expect(failure.message.hasSuffix("; not tried: \"postgres\""), "\(failure)")
        #expect(
            JobRecord(text: try JobRecord(result).text)?.report(as: DumpReport.self)?.failed == [
                "recyclic", "missing", "postgres",
            ]
        )
        try await bench.end()
    }

    @Test
    func `what was stored before a cancellation is kept and told`() async throws {
        let bench = try await Bench("first, recyclic")
        let result = try await bench.run { bench.context.cancellation.cancel() }
        #expect(result.wasCancelled && result.badNews == nil)
        #expect(result.events.map(\.kind) == [.backupStored])
        let stored = try await bench.repository.use { try $0.backups().map(\.id.description) }
        #expect(result.backups == stored && stored.count == 1)
        // With nothing stored there is nothing to tell.
        await #expect(throws: CancellationError.self) { try await bench.work.run(bench.context, only: nil) }
        try await bench.end()
    }

    @Test
    func `a job without a database to dump fails`() async throws {
        let closed = LeftOutDatabases([.init(name: "x", reason: .closed, statement: "ALTER DATABASE x")])
        let error = #expect(throws: BackupError.self) {
            try DumpSelection.databases(DumpableDatabases(names: [], leftOut: closed))
        }
        #expect(error?.code == "noDatabases" && error?.message.contains("database \"x\"") == true && error?.hint != nil)
        let found = DumpableDatabases(names: ["a", "b"], leftOut: closed)
        #expect(try DumpSelection.databases(found) == ["a", "b"])
        #expect(try DumpSelection.databases(found, only: ["b", "gone"]) == ["b"])
        #expect(try DumpSelection.databases(found, only: ["gone"]) == ["a", "b"])
    }

    @Test
    func `what failed is told in one sentence, what ended the job first`() {
        func failure(_ code: String) -> JobFailure { JobFailure(code: code, message: "\(code) it was", hint: nil) }
        var failures = DumpFailures(["a", "b", "c", "d"])
        #expect(failures.summary == nil && failures.remaining.isEmpty)
        failures.add("a", failure("x"))
        #expect(
            failures.summary?.message == "the dump of database \"a\" failed: x it was (3 of 4 databases were dumped)"
        )
        failures.stop(at: 2, failure("diskFull"))
        #expect(
            failures.summary?.message
                == "the dump of database \"c\" failed: diskFull it was; that of \"a\": x it was; not tried: \"d\" (1 of 4 databases were dumped)"
        )
        #expect(failures.summary?.code == "diskFull" && failures.remaining == ["c", "a", "d"])
    }

    @Test
    func `each reason is told once, and of many the first ones`() {
        func failure(_ message: String) -> JobFailure { JobFailure(code: "x", message: message, hint: nil) }
        var failures = DumpFailures(["a", "b", "c", "d", "e", "f"])
        for database in ["a", "b"] { failures.add(database, failure("one")) }
        for database in ["c", "d"] { failures.add(database, failure("two")) }
        #expect(
            failures.summary?.message
                == "the dump of database \"a\" failed: one; so did \"b\"; that of \"c\", \"d\": two (2 of 6 databases were dumped)"
        )
        failures.add("e", failure("three"))
        failures.add("f", failure("four"))
        #expect(
            failures.summary?.message
                == "the dump of database \"a\" failed: one; so did \"b\"; that of \"c\", \"d\": two; that of \"e\": three; that of \"f\" failed, too"
        )
    }
}
