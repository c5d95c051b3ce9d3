import Blocking
import PostgresClient
import Synchronization
import TestSupport
import Testing

@Suite struct QueryTests {
    @Test func `rows, columns and counts come as the server sent them`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        #expect(connection.serverVersion.major >= 15)
        #expect(connection.backendPID > 0)
        #expect(await connection.parameterStatus("client_encoding") == "UTF8")
        let result = try await connection.query(
            "SELECT i, i * 2 AS double FROM generate_series($1::int, 500) AS i",
            [1]
        )
        #expect(result.columns == ["i", "double"])
        #expect(result.rows.count == 500)
        #expect(try result.rows.reduce(0) { try $0 + $1.decode("double", as: Int.self) } == 250_500)
        #expect(result.command == "SELECT 500")
        #expect(result.affectedRows == 500)
        #expect(throws: PostgresError.self) { try result.onlyRow() }
        #expect(try await connection.query("SELECT WHERE false").rows.isEmpty)
        let last = try await connection.simpleQuery("SELECT 1 AS a; SELECT 2 AS b")
        #expect(last.columns == ["b"])
    }

    @Test func `an error carries the server's code, detail and hint`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let error = try await #require(throws: PostgresError.self) {
            try await connection.query(
                "DO $$ BEGIN RAISE EXCEPTION 'no bikes' USING ERRCODE = '23505', DETAIL = 'd', HINT = 'h'; END $$"
            )
        }
        #expect(error.kind == .serverError)
        #expect(error.sqlState == "23505")
        #expect(error.message == "no bikes")
        #expect(error.detail == "d")
        #expect(error.hint == "h")
        #expect(await connection.isUsable)
        let right = try await #require(throws: PostgresError.self) {
            try await connection.simpleQuery("CREATE ROLE little; SET ROLE little; SELECT * FROM pg_authid")
        }
        #expect(right.kind == .permissionDenied)
        #expect(try await connection.query("SELECT 1 AS one").rows.count == 1)
    }

    @Test func `a transaction is committed when its statements ran, and left to roll back when one threw`() async throws
    {
        struct Regret: Error {}
        let server = try await SharedServer.get()
        let pool = ConnectionPool(server.settings())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            let table = "kept_\(UInt32.random(in: 0...UInt32.max))"
            func rows() async throws -> Int {
                try await pool.withConnection { try await $0.query("SELECT count(*)::int FROM \(table)") }.onlyRow()
                    .decode(0)
            }
            try await pool.withConnection { connection in
                try await connection.inTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ") { connection, _ in
                    _ = try connection.query("CREATE TABLE \(table) (i int)")
                    _ = try connection.query("INSERT INTO \(table) VALUES ($1::int)", [1])
                }
            }
            #expect(try await rows() == 1)
            await #expect(throws: Regret.self) {
                try await pool.withConnection { connection in
                    try await connection.inTransaction { connection, _ in
                        _ = try connection.query("INSERT INTO \(table) VALUES (2)")
                        throw Regret()
                    }
                }
            }
            #expect(try await rows() == 1)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    try await connection.inTransaction { connection, _ in
                        _ = try connection.query("INSERT INTO \(table) VALUES (3)")
                        _ = try? connection.query("SELECT 1 / 0")
                    }
                }
            }
            #expect(error?.message == "the transaction was rolled back, for a statement in it had failed")
            #expect(try await rows() == 1)
            try await pool.withConnection { _ = try await $0.query("DROP TABLE \(table)") }
            group.cancelAll()
        }
    }

    @Test func `notices belong to their query and are bounded`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let result = try await connection.query("DO $$ BEGIN RAISE WARNING 'careful' USING DETAIL = 'wet'; END $$")
        #expect(result.notices.map(\.message) == ["careful"])
        #expect(result.notices.first?.severity == "WARNING")
        #expect(result.notices.first?.sqlState == "01000")
        #expect(result.notices.first?.detail == "wet")
        #expect(try await connection.query("SELECT 1").notices.isEmpty)
        let many = try await connection.query("DO $$ BEGIN FOR i IN 1..1500 LOOP RAISE NOTICE '%', i; END LOOP; END $$")
        #expect(many.notices.count == 1000)
    }

    @Test func `COPY hands out every row and keeps none`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let lines = Mutex<[String]>([])
        let summary = try await connection.copyOut("COPY (SELECT i, NULL FROM generate_series(1, 3) AS i) TO STDOUT") {
            row in
            lines.withLock { $0.append(String(decoding: row, as: UTF8.self)) }
        }
        #expect(lines.withLock { $0 } == ["1\t\\N\n", "2\t\\N\n", "3\t\\N\n"])
        #expect(summary.rows == 3)
        #expect(summary.bytes == 15)
        let big = try await connection.copyOut(
            "COPY (SELECT repeat('x', 9999) FROM generate_series(1, 2000)) TO STDOUT"
        )
        #expect(big.bytes == 20_000_000)
    }

    @Test func `COPY that fails in the middle or is no COPY leaves the connection in order`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let division = try await #require(throws: PostgresError.self) {
            try await connection.copyOut("COPY (SELECT 1 / (500 - i) FROM generate_series(1, 1000) AS i) TO STDOUT")
        }
        #expect(division.sqlState == "22012")
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await connection.copyOut("COPY (SELECT * FROM generate_series(1, 10000000)) TO STDOUT") { _ in
                throw Enough()
            }
        }
        #expect(try await connection.query("SELECT 1").rows.count == 1)
        let syntax = try await #require(throws: PostgresError.self) { try await connection.copyOut("COPY nothing") }
        #expect(syntax.sqlState == "42601")
        #expect(try await connection.query("SELECT 1").rows.count == 1)
    }

    @Test func `a query where COPY begins is refused`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let error = try await #require(throws: PostgresError.self) {
            try await connection.simpleQuery("COPY (SELECT 1) TO STDOUT")
        }
        #expect(error.kind == .protocolViolation)
        #expect(await !connection.isUsable)
    }
}
