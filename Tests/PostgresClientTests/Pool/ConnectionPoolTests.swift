import Blocking
import PostgresClient
import Synchronization
import TestSupport
import Testing

@Suite struct ConnectionPoolTests {
    /// Runs a pool on a server while `body` runs, then shuts it down.
    private func withPool<Value: Sendable>(
        _ server: PrivatePostgres,
        _ change: (inout PoolConfiguration) -> Void = { _ in },
        _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        var configuration = PoolConfiguration()
        configuration.maximumConnections = 2
        configuration.initialBackoff = .milliseconds(20)
        configuration.maximumBackoff = .milliseconds(100)
        change(&configuration)
        let pool = ConnectionPool(server.settings(), configuration)
        async let running: Void = pool.run()
        do {
            let value = try await body(pool)
            pool.shutDown(within: .seconds(10))
            await running
            #expect(pool.statistics.total == 0)
            return value
        } catch {
            pool.shutDown(within: .zero)
            await running
            throw error
        }
    }

    private func expectClosed(_ pool: ConnectionPool) async {
        let refused = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
        #expect(refused?.kind == .poolClosed)
    }

    @Test func `many tasks share few connections`() async throws {
        let server = try await SharedServer.get()
        try await withPool(server) { pool in
            let processes = try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            try await connection.query("SELECT pg_backend_pid() AS pid").onlyRow().decode("pid")
                        }
                    }
                }
                return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
            }
            #expect((1...2).contains(processes.count))
            #expect(pool.statistics.leases == 40)
            #expect(pool.statistics.created <= 2)
            #expect(pool.statistics.leased == 0)
        }
    }

    @Test func `waiting for a connection ends by time-out and by cancellation`() async throws {
        let server = try await SharedServer.get()
        try await withPool(server) {
            $0.minimumConnections = 1
            $0.maximumConnections = 1
            $0.waitTimeout = .milliseconds(200)
        } _: { pool in
            let deadline = ContinuousClock.now + .seconds(30)
            while pool.statistics.idle == 0, ContinuousClock.now < deadline { await Task.yield() }
            try await pool.withConnection { _ in
                let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
                #expect(error?.kind == .poolTimedOut)
                let task = Task { try await pool.withConnection { _ in } }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(pool.statistics.waitTimeouts == 1)
            try await pool.withConnection { _ in }
        }
    }

    @Test func `a transaction left open is rolled back before the next one gets the connection`() async throws {
        let server = try await SharedServer.get()
        try await withPool(server) {
            $0.maximumConnections = 1
        } _: { pool in
            _ = try await pool.withConnection { try await $0.simpleQuery("BEGIN; CREATE TABLE left_open (a int)") }
            let there = try await pool.withConnection { connection in
                try await connection.query("SELECT to_regclass('left_open') IS NOT NULL AS there").onlyRow()
                    .decode("there", as: Bool.self)
            }
            #expect(!there)
            #expect(pool.statistics.created == 1)
        }
    }

    @Test func `a restart of the server goes unnoticed by the next user`() async throws {
        let server = try await PrivatePostgres.started()
        try await withPool(server) { pool in
            try await pool.withConnection { _ in }
            try await onThread("restart") { try server.restart() }
            let one = try await pool.withConnection {
                try await $0.query("SELECT 1 AS one").onlyRow().decode("one", as: Int.self)
            }
            #expect(one == 1)
            #expect(pool.statistics.created == 2)
        }
    }

    @Test func `a server that is down is told at once, and found again when it is up`() async throws {
        let server = try await PrivatePostgres.started()
        try await withPool(server) { pool in
            try await onThread("stop") { try server.stop() }
            let error = try await #require(throws: PostgresError.self) { try await pool.withConnection { _ in } }
            #expect(error.kind == .connectionFailed)
            #expect(pool.lastConnectError != nil)
            try await onThread("start") { try server.start() }
            let deadline = ContinuousClock.now + .seconds(20)
            var isBack = false
            while !isBack, ContinuousClock.now < deadline {
                isBack = (try? await pool.withConnection { _ in true }) ?? false
            }
            #expect(isBack)
            #expect(pool.lastConnectError == nil)
            #expect(pool.statistics.failuresInARow == 0)
        }
    }

    @Test func `shutting down waits for lent connections, then closes them`() async throws {
        let server = try await SharedServer.get()
        let pool = ConnectionPool(server.settings())
        async let running: Void = pool.run()
        let error = try await #require(throws: PostgresError.self) {
            try await pool.withConnection { connection in
                pool.shutDown(within: .milliseconds(100))
                await expectClosed(pool)
                try await connection.query("SELECT pg_sleep(50)")
            }
        }
        #expect(error.kind == .connectionLost)
        await running
    }

    @Test func `cancelling the pool's task closes everything`() async throws {
        let server = try await SharedServer.get()
        let pool = ConnectionPool(server.settings())
        let task = Task { await pool.run() }
        try await pool.withConnection { _ in }
        task.cancel()
        await task.value
        #expect(pool.statistics.total == 0)
        await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
    }

    @Test func `idle connections are closed when the clock says so, and tried when they were idle for long`()
        async throws
    {
        let server = try await SharedServer.get()
        let clock = ManualClock()
        var configuration = PoolConfiguration()
        configuration.idleTimeout = .seconds(100)
        let settings = server.settings()
        let pool = ConnectionPool(configuration, clock: clock, jitter: { 0.5 }) {
            try await Connection.connect(settings)
        }
        async let running: Void = pool.run()
        let first = try await pool.withConnection { $0.backendPID }
        clock.advance(by: .seconds(60))
        #expect(try await pool.withConnection { $0.backendPID } == first)
        let deadline = ContinuousClock.now + .seconds(30)
        while pool.statistics.idle > 0, ContinuousClock.now < deadline {
            clock.advance(by: .seconds(50))
            await Task.yield()
        }
        #expect(try await pool.withConnection { $0.backendPID } != first)
        pool.shutDown(within: .zero)
        clock.advance(by: .seconds(1))
        await running
    }
}
