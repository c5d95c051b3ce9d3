import Blocking
import PostgresClient
import TestSupport
import Testing

@Suite struct InterruptionTests {
    /// How many server processes run a query with this mark.
    private func running(_ mark: String, on server: PrivatePostgres) async throws -> Int {
        let connection = try await Connection.connect(server.settings())
        return try await connection.query(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()",
            ["%\(mark)%"]
        ).onlyRow().decode("n")
    }

    /// Waits until the server works on a query with this mark.
    private func waitForQuery(_ mark: String, on server: PrivatePostgres) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await running(mark, on: server) == 0 {
            try #require(ContinuousClock.now < deadline, "the query '\(mark)' did not begin")
        }
    }

    @Test func `a query that takes too long is ended at the server`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let error = try await #require(throws: PostgresError.self) {
            try await connection.query("SELECT pg_sleep(50) /* slow1 */", timeout: .milliseconds(300))
        }
        #expect(error.kind == .timedOut)
        #expect(try await running("slow1", on: server) == 0)
        #expect(try await connection.query("SELECT 1 AS one").onlyRow().decode("one") == 1)
    }

    @Test func `cancelling the task ends the query at the server and keeps the connection`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let task = Task { try await connection.query("SELECT pg_sleep(50) /* slow2 */") }
        try await waitForQuery("slow2", on: server)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await running("slow2", on: server) == 0)
        #expect(try await connection.query("SELECT 1 AS one").onlyRow().decode("one") == 1)
    }

    @Test func `cancelling a COPY keeps the connection`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let task = Task {
            try await connection.copyOut("COPY (SELECT * FROM generate_series(1, 1000000000)) TO STDOUT /* slow3 */")
        }
        try await waitForQuery("slow3", on: server)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT 1").rows.count == 1)
    }

    @Test func `a query ended by somebody else says so`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let task = Task { try await connection.query("SELECT pg_sleep(50) /* slow4 */") }
        try await waitForQuery("slow4", on: server)
        let other = try await Connection.connect(server.settings())
        try await other.query("SELECT pg_cancel_backend($1)", [connection.backendPID])
        let error = try await #require(throws: PostgresError.self) { try await task.value }
        #expect(error.kind == .cancelled)
        #expect(error.sqlState == "57014")
        #expect(await connection.isUsable)
    }

    @Test func `a server killed in the middle of a query is a lost connection`() async throws {
        let server = try await PrivatePostgres.started()
        let connection = try await Connection.connect(server.settings())
        let task = Task { try await connection.query("SELECT pg_sleep(50) /* slow5 */") }
        try await waitForQuery("slow5", on: server)
        try await onThread("kill") { server.kill() }
        let error = try await #require(throws: PostgresError.self) { try await task.value }
        #expect(error.kind == .connectionLost)
        #expect(error.isTransient)
        #expect(await !connection.isUsable)
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    }

    @Test func `a backend ended by an administrator is a lost connection`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        #expect(await connection.seesServer())
        let other = try await Connection.connect(server.settings())
        try await other.query("SELECT pg_terminate_backend($1, 10000)", [connection.backendPID])
        #expect(await !connection.seesServer())
        let error = try await #require(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(error.kind == .connectionLost)
    }

    @Test func `a link that falls silent ends by time-out`() async throws {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: server.port)
        var settings = server.tcpSettings(through: proxy)
        settings.cancelTimeout = .milliseconds(500)
        let connection = try await Connection.connect(settings)
        proxy.stall()
        let error = try await #require(throws: PostgresError.self) {
            try await connection.query("SELECT 1", timeout: .milliseconds(500))
        }
        #expect(error.kind == .timedOut)
        #expect(await !connection.isUsable)
        settings.connectTimeout = .milliseconds(500)
        let connecting = try await #require(throws: PostgresError.self) { try await Connection.connect(settings) }
        #expect(connecting.kind == .connectTimedOut)
        proxy.close()
    }

    @Test func `a COPY over a link that falls silent ends by time-out`() async throws {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: server.port)
        var settings = server.tcpSettings(through: proxy)
        settings.cancelTimeout = .milliseconds(300)
        settings.livenessTimeout = .milliseconds(500)
        let connection = try await Connection.connect(settings)
        proxy.stall(after: 3_000_000)
        let error = try await #require(throws: PostgresError.self) {
            try await connection.copyOut("COPY (SELECT repeat('x', 999) FROM generate_series(1, 10000)) TO STDOUT")
        }
        #expect(error.kind == .timedOut)
        proxy.close()
    }

    @Test func `connecting can be cancelled`() async throws {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: server.port)
        proxy.stall()
        let settings = server.tcpSettings(through: proxy)
        let task = Task { try await Connection.connect(settings) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        proxy.close()
    }
}
