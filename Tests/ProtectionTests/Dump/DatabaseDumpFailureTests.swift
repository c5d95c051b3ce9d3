import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Dumps that fail")
struct DatabaseDumpFailureTests {
    @Test("for want of a right name the statement that gives it")
    func rights() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute("REVOKE pg_read_all_data FROM recyclic")
            let refused = try #require(try bench.failure() as? BackupError)
            #expect(refused.code == "permissionDenied", "\(refused)")
            #expect(refused.hint?.contains("GRANT pg_read_all_data TO \"recyclic\"") == true, "\(refused)")
            try bench.server.execute("GRANT pg_read_all_data TO recyclic")
            try bench.server.execute(
                "ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY",
                database: "recyclic"
            )
            let rows = try #require(try bench.failure() as? BackupError)
            #expect(rows.code == "rowSecurity" && rows.hint?.contains("BYPASSRLS") == true, "\(rows)")
            try bench.server.execute("REVOKE ALL ON DATABASE recyclic FROM PUBLIC, recyclic")
            let closed = try #require(try bench.failure() as? BackupError)
            #expect(
                closed.hint?.contains("GRANT CONNECT ON DATABASE \"recyclic\" TO \"recyclic\"") == true,
                "\(closed)"
            )
            let missing = try #require(try bench.failure(bench.request(bench.connection("no such"))) as? BackupError)
            #expect(missing.code == "databaseMissing" && missing.message.contains("no such"), "\(missing)")
            #expect(try bench.repository.backups().isEmpty)
        }
    }

    @Test("for want of programs, or with older ones than the server, say what to install")
    func programs() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let empty = bench.folder.path("empty")
            mkdir(empty, 0o755)
            let missing = try #require(try bench.failure(bench.request { $0.programs = empty }) as? BackupError)
            #expect(missing.code == "clientProgramsMissing" && missing.message.contains(empty), "\(missing)")
            #expect(missing.hint?.contains("apt-get install -y postgresql-client-") == true)
            let old = bench.folder.path("old")
            mkdir(old, 0o755)
            for name in ClientPrograms.needed {
                try Folders.write(
                    "#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9 (Debian)'\n",
                    to: "\(old)/\(name)",
                    owner: nil
                )
                chmod("\(old)/\(name)", 0o755)
            }
            let tooOld = try #require(try bench.failure(bench.request { $0.programs = old }) as? BackupError)
            #expect(tooOld.code == "clientTooOld" && tooOld.message.contains("14.9"), "\(tooOld)")
            #expect(try tooOld.hint?.contains("postgresql-client-\(bench.majorVersion())") == true, "\(tooOld)")
        }
    }

    @Test("when cancelled, end within seconds, the program and its session with them, and the next one succeeds")
    func cancelled() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let cancellation = CancellationFlag()
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump(cancellation: cancellation) }) }
                try bench.waitForLock()
                cancellation.cancel()
                #expect(throws: CancellationError.self) { try done.take()?.get() }
                try bench.server.waitUntil(
                    "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2'"
                )
            }
            #expect(try bench.repository.backups().isEmpty)
            try bench.dump()
        }
    }

    @Test("wait for a lock no longer than they may")
    func locked() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.locking("users") {
                let request = bench.request { $0.tableLockPatience = .milliseconds(300) }
                let error = try #require(try bench.failure(request) as? BackupError)
                #expect(error.code == "tableLocked" && error.hint?.contains("pg_locks") == true, "\(error)")
            }
        }
    }

    @Test("say so when the server is stopped, and the next one succeeds")
    func stopped() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump() }) }
                try bench.waitForLock()
                try bench.server.stop()
            }
            let error = #expect(throws: BackupError.self) { try done.take()?.get() }
            #expect(
                error?.code == "connectionLost" && error?.hint != nil,
                "\(error.map(String.init(describing:)) ?? "")"
            )
            try bench.server.start()
            try bench.dump()
        }
    }

    @Test("notice a connection that is dead without saying so")
    func hanging() async throws {
        try await blocking {
            let bench = try DumpBench { $0.listensOnTCP = true }
            try bench.fill()
            let proxy = try StallingProxy(to: bench.server.port)
            defer { proxy.close() }
            var connection = bench.connection()
            connection.host = "127.0.0.1"
            connection.port = proxy.port
            connection.livenessTimeout = .seconds(1)
            connection.queryTimeout = .seconds(2)
            connection.connectTimeout = .seconds(2)
            let request = bench.request(connection)
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump(request) }) }
                try bench.waitForLock()
                proxy.stall()
            }
            let error = #expect(throws: BackupError.self) { try done.take()?.get() }
            #expect(
                ["timedOut", "connectionLost"].contains(error?.code),
                "\(error.map(String.init(describing:)) ?? "")"
            )
        }
    }

    @Test("go on when the snapshot's own connection is lost, which pg_dump does not need any more")
    func snapshotLost() async throws {
        try await blocking {
            let bench = try DumpBench { $0.listensOnTCP = true }
            try bench.fill()
            let proxy = try StallingProxy(to: bench.server.port)
            defer { proxy.close() }
            var connection = bench.connection()
            connection.host = "127.0.0.1"
            connection.port = proxy.port
            connection.livenessTimeout = .milliseconds(500)
            let request = bench.request(connection)
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump(request) }) }
                try bench.waitForLock()
                try bench.server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'recyclicd'"
                )
                let before = proxy.acceptedCount
                let deadline = ContinuousClock.now + .seconds(60)
                while proxy.acceptedCount == before, ContinuousClock.now < deadline { usleep(20_000) }
                #expect(proxy.acceptedCount > before, "nobody asked after the silent program")
            }
            _ = try #require(done.take()).get()
        }
    }

    @Test("hold nothing back from vacuum any more once pg_dump has ended")
    func released() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            // Tells of our sessions in place of roles.
            let script = """
                exec '\(bench.server.binaries.path("psql"))' -XAtqc "SELECT '-- held back by ' || count(backend_xmin)
                    FROM pg_stat_activity WHERE application_name = 'recyclicd'"
                """
            let programs = try bench.programs(replacing: "pg_dumpall", with: script)
            let manifest = try bench.dump(bench.request { $0.programs = programs }).manifest
            let globals = bench.folder.path("globals.sql")
            try bench.write(DumpFacts.standardGlobalsFile, of: manifest, to: globals)
            #expect(try Folders.text(of: globals) == "-- held back by 0\n")
        }
    }

    @Test("show the password in no process's arguments, and hand it to the program alone")
    func secret() async throws {
        try await blocking {
            let bench = try DumpBench {
                $0.authentication = .custom("local all postgres trust\nlocal all all scram-sha-256\n")
            }
            try bench.fill()
            try bench.server.execute("ALTER ROLE recyclic PASSWORD 'geheim-4711'")
            var connection = bench.connection()
            connection.password = Password("geheim-4711")
            let request = bench.request(connection)
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump(request) }) }
                try bench.waitForLock()
                let processes = try Folders.names(in: "/proc").compactMap { pid_t($0) }
                var dumping = 0
                for pid in processes {
                    guard let line = try? Folders.text(of: "/proc/\(pid)/cmdline") else { continue }
                    #expect(!line.contains("geheim-4711"), "\(line)")
                    guard line.contains("--snapshot="), line.contains("pg_dump") else { continue }
                    dumping += 1
                    var status = stat()
                    #expect(stat("/proc/\(pid)/environ", &status) == 0 && status.st_mode & 0o077 == 0)
                }
                #expect(dumping == 1)
            }
            let result = try #require(done.take()).get()
            #expect(try bench.repository.backups().map(\.id) == [result.id])
            let found = try Program.run("grep", ["-rlF", "geheim-4711", bench.repository.path])
            #expect(found.output.isEmpty)
        }
    }
}
