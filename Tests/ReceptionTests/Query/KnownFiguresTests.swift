import Blocking
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// What nobody changed is not added up again, and what somebody changed always is.
@Suite(.serialized)
struct KnownFiguresTests {
    private static let data = """
        INSERT INTO poste_reception VALUES ('11111111-1111-1111-1111-111111111111', now());
        INSERT INTO ticket_depot (poste_id, status, closed_at)
        SELECT '11111111-1111-1111-1111-111111111111', CASE i % 4 WHEN 0 THEN 'opened' ELSE 'closed' END,
               CASE i % 4 WHEN 0 THEN NULL ELSE now() - i * interval '1 hour' END FROM generate_series(1, 40) i;
        INSERT INTO ligne_depot SELECT id, 1.5, false FROM ticket_depot, generate_series(1, 3);
        INSERT INTO cash_sessions VALUES ('33333333-3333-3333-3333-333333333333', now(), NULL);
        INSERT INTO sales (cash_session_id, created_at, total_amount)
        SELECT '33333333-3333-3333-3333-333333333333', now() - i * interval '1 hour', 2.5 FROM generate_series(1, 40) i;
        INSERT INTO sale_items SELECT id, 0.25 FROM sales;
        """

    private static func withScene(
        limits: ReceptionLimits = ReceptionLimits(),
        _ body: @escaping @Sendable (ReceptionScene, Connection) async throws -> Void
    ) async throws {
        try await ReceptionScene.with(try await ExactnessTests.server(), limits: limits) { scene in
            try await scene.sql(data)
            let connection = try await Connection.connect(scene.settings)
            try await body(scene, connection)
            await connection.close()
        }
    }

    private static func ask(
        _ connection: Connection,
        _ question: ReceptionQuestion,
        indexed: Bool,
        known: KnownFigures? = nil
    ) async throws -> (figures: ReceptionFigures, known: KnownFigures?) {
        try await ask(
            connection,
            question,
            ReceptionSchema(findsLinesByTicket: indexed, findsItemsBySale: indexed),
            known: known
        )
    }

    private static func ask(
        _ connection: Connection,
        _ question: ReceptionQuestion,
        _ schema: ReceptionSchema,
        known: KnownFigures? = nil
    ) async throws -> (figures: ReceptionFigures, known: KnownFigures?) {
        let query = ReceptionQuery(question, schema, known: known)
        return try query.figures(try await connection.query(query.sql, query.parameters).onlyRow())
    }

    /// Whether the server says that the figures are those that are known.
    private static func isKnown(
        _ connection: Connection,
        _ question: ReceptionQuestion,
        _ schema: ReceptionSchema,
        _ known: KnownFigures?
    ) async throws -> Bool {
        let query = ReceptionQuery(question, schema, known: known)
        return try await connection.query(query.sql, query.parameters).onlyRow().decode("is_known")
    }

    @Test(arguments: ReceptionRules.allCases, [false, true])
    func `lines and items are not read again when nothing was written`(rules: ReceptionRules, indexed: Bool)
        async throws
    {
        try await Self.withScene { _, connection in
            let question = ReceptionQuestion(rules: rules)
            let (first, known) = try await Self.ask(connection, question, indexed: indexed)
            let schema = ReceptionSchema(findsLinesByTicket: indexed, findsItemsBySale: indexed)
            let query = ReceptionQuery(question, schema, known: known)
            let plan = try await connection.query("EXPLAIN (ANALYZE, COSTS OFF) " + query.sql, query.parameters).rows
                .map { try $0.decode(0, as: String.self) }
            for table in ["ligne_depot", "sale_items"] {
                let scans = plan.filter { $0.contains(" on \(table) ") }
                #expect(!scans.isEmpty && scans.allSatisfy { $0.contains("never executed") }, "\(scans)")
            }
            let (again, _) = try await Self.ask(connection, question, indexed: indexed, known: known)
            #expect(again.values == first.values && again.takenAt > first.takenAt)
        }
    }

    @Test
    func `what leaves the last 24 hours is counted no more, though nothing was written`() async throws {
        try await Self.withScene { _, connection in
            let now = try await connection.query("SELECT now() AS now").onlyRow().decode("now", as: Date.self)
            func question(_ hours: Double) -> ReceptionQuestion {
                ReceptionQuestion(rules: .rolling, moment: now.addingTimeInterval(hours * 3600))
            }
            var (figures, known) = try await Self.ask(connection, question(0), indexed: false)
            for hours in [0.25, 0.5, 1.25, 5, 0, 30] {
                let fresh = try await Self.ask(connection, question(hours), indexed: false).figures
                (figures, known) = try await Self.ask(connection, question(hours), indexed: false, known: known)
                #expect(figures == fresh, "\(hours) hours later")
            }
        }
    }

    @Test
    func `figures of another day or another start of the server are not taken for today's`() async throws {
        try await Self.withScene { scene, connection in
            let question = ReceptionQuestion(rules: .openedToday)
            let known = try #require(try await Self.ask(connection, question, indexed: false).known)
            var other = question
            other.timeZone = "Pacific/Kiritimati"
            let elsewhere = try await Self.ask(connection, other, indexed: false, known: known).known
            #expect(elsewhere?.state != known.state)
            let server = scene.server
            try await onThread("restart") { try server.restart() }
            let reconnected = try await Connection.connect(scene.settings)
            let later = try await Self.ask(reconnected, question, indexed: false, known: known).known
            #expect(later?.state != known.state)
            await reconnected.close()
        }
    }

    @Test
    func `figures of other columns, of another process, or of tables that lie elsewhere are not taken for the same`()
        async throws
    {
        try await Self.withScene { scene, connection in
            let question = ReceptionQuestion(rules: .openedTodayWithExits)
            let schema = ReceptionSchema(hasExits: false)
            let (_, known) = try await Self.ask(connection, question, schema)
            #expect(try await Self.isKnown(connection, question, schema, known))
            #expect(try await !Self.isKnown(connection, question, ReceptionSchema(hasExits: true), known))
            try await connection.simpleQuery("SET search_path = pg_temp, public")
            #expect(try await !Self.isKnown(connection, question, schema, known))
            try await connection.simpleQuery("RESET search_path")
            let other = try await Connection.connect(scene.settings)
            #expect(try await !Self.isKnown(other, question, schema, known))
            await other.close()

            try await scene.sql("ALTER TABLE sale_items RENAME TO kept; CREATE VIEW sale_items AS SELECT * FROM kept")
            let report = try await SchemaReport.read(connection, timeout: .seconds(10))
            #expect(report.schema.indirectTables == [.items] && report.schema.unlockableTables.isEmpty)
            let (_, viewed) = try await Self.ask(connection, question, report.schema)
            #expect(try await !Self.isKnown(connection, question, report.schema, viewed))
        }
    }

    /// Writes by two sessions, each in its own transaction, in an order that the seed gives; after each the service must say
    /// what somebody counts who knows nothing.
    @Test(arguments: [1, 2, 3])
    func `each committed write is seen at once, whatever else is under way`(seed: UInt64) async throws {
        try await Self.withScene { scene, counting in
            let writers = [try await Connection.connect(scene.settings), try await Connection.connect(scene.settings)]
            var isOpen = [false, false]
            var random = SeededGenerator(seed: seed)
            let writes = [
                "INSERT INTO ligne_depot SELECT id, 0.125, false FROM ticket_depot WHERE status = 'opened' LIMIT 1",
                "UPDATE ligne_depot SET poids_kg = poids_kg + 1 WHERE ctid = (SELECT min(ctid) FROM ligne_depot)",
                "DELETE FROM sale_items WHERE ctid = (SELECT max(ctid) FROM sale_items)",
                "UPDATE ticket_depot SET status = 'closed', closed_at = now() WHERE id = (SELECT id FROM ticket_depot WHERE status = 'opened' LIMIT 1)",
                "INSERT INTO sales (cash_session_id, created_at, total_amount) VALUES ('33333333-3333-3333-3333-333333333333', now(), 3)",
                "SAVEPOINT s; INSERT INTO sale_items SELECT id, 0.5 FROM sales ORDER BY created_at DESC LIMIT 1; RELEASE s",
            ]
            for step in 0..<60 {
                let number = Int.random(in: 0..<2, using: &random)
                let writer = writers[number]
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where isOpen[number]:
                    try await writer.simpleQuery("COMMIT")
                    isOpen[number] = false
                case 1 where isOpen[number]:
                    try await writer.simpleQuery("ROLLBACK")
                    isOpen[number] = false
                default:
                    if !isOpen[number] { try await writer.simpleQuery("BEGIN; SET LOCAL lock_timeout = '50ms'") }
                    isOpen[number] = true
                    do {
                        try await writer.simpleQuery(writes[Int.random(in: 0..<writes.count, using: &random)])
                    } catch let error as PostgresError where error.sqlState == "55P03" {
                        // The other one holds the row.
                        try await writer.simpleQuery("ROLLBACK")
                        isOpen[number] = false
                    }
                }
                let question = ReceptionQuestion(rules: .openedTodayWithExits)
                let (fresh, _) = try await Self.ask(counting, question, indexed: false)
                let figures = try await scene.service.figures(question)
                #expect(figures.values == fresh.values, "step \(step)")
            }
            for writer in writers { await writer.close() }
        }
    }

    @Test
    func `a table that is rewritten meanwhile is not taken for an empty one`() async throws {
        try await Self.withScene { scene, connection in
            let expected = try await scene.service.figures()[.turnover]
            try await connection.simpleQuery("BEGIN; ALTER TABLE sales ALTER COLUMN total_amount TYPE numeric")
            async let figures = scene.service.figures()
            let server = scene.server
            try await onThread("wait") {
                try server.waitUntil(
                    "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ 'live stats' AND wait_event_type = 'Lock'"
                )
            }
            try await connection.simpleQuery("COMMIT")
            let turnover = try await figures[.turnover]
            #expect(turnover == expected)
        }
    }

    @Test
    func `a table that stays locked is told as that`() async throws {
        var limits = ReceptionLimits()
        limits.lockTimeout = .milliseconds(1500)
        try await Self.withScene(limits: limits) { scene, connection in
            try await connection.simpleQuery("BEGIN; LOCK TABLE ligne_depot")
            await #expect(throws: ReceptionError.locked(seconds: 1)) { try await scene.service.figures() }
            try await connection.simpleQuery("COMMIT")
            #expect(try await scene.service.figures()[.ticketsOpen]?.units == 10)
        }
    }

    @Test
    func `a role that may read just the columns gets the figures`() async throws {
        let server = try await ExactnessTests.server()
        let grants = ReceptionTable.allCases.map { table in
            "GRANT SELECT (\(table.columns.joined(separator: ", "))) ON \(table.rawValue) TO reader;"
        }
        let sql =
            Self.data + "CREATE ROLE reader LOGIN; GRANT SELECT (is_exit) ON ligne_depot TO reader;" + grants.joined()
        try await onThread("sql") { try server.execute(sql, database: "recyclic") }
        try await ReceptionScene.with(server, user: "reader") { scene in
            let figures = try await scene.service.figures()
            #expect(figures[.ticketsOpen]?.units == 10)
        }
    }
}
