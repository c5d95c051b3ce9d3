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

    /// Asks on the connection, in one transaction as the service does.
    ///
    /// - Returns: The figures, what is kept of them, and whether they were known.
    private static func ask(
        _ connection: Connection,
        _ question: ReceptionQuestion,
        _ schema: ReceptionSchema = ReceptionSchema(),
        known: KnownFigures? = nil
    ) async throws -> (figures: ReceptionFigures, known: KnownFigures?, wereKnown: Bool) {
        try await connection.inTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ") { connection, _ in
            let (sql, parameters) = ReceptionSnapshot.statement(for: question)
            let snapshot = try ReceptionSnapshot(try connection.query(sql, parameters).onlyRow())
            if let figures = known?.figures(in: snapshot, schema) { return (figures, known, true) }
            let query = ReceptionQuery(question, schema, in: snapshot)
            let (figures, now) = try query.figures(try connection.query(query.sql, query.parameters).onlyRow())
            return (figures, now, false)
        }
    }

    @Test(arguments: ReceptionRules.allCases, [false, true])
    func `no table is read again when nothing was written`(rules: ReceptionRules, indexed: Bool) async throws {
        try await Self.withScene { _, connection in
            let question = ReceptionQuestion(rules: rules)
            let schema = ReceptionSchema(findsLinesByTicket: indexed, findsItemsBySale: indexed)
            let first = try await Self.ask(connection, question, schema)
            let again = try await Self.ask(connection, question, schema, known: first.known)
            #expect(!first.wereKnown && again.wereKnown)
            #expect(again.figures.values == first.figures.values && again.figures.takenAt > first.figures.takenAt)
        }
    }

    @Test
    func `the service reads the tables once, and again after a write`() async throws {
        try await Self.withScene { scene, _ in
            try await scene.sql("ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf()")
            for _ in 0..<3 { _ = try await scene.service.figures() }
            #expect(scene.readings == 1 && scene.queries == 3)
            try await scene.sql("UPDATE sales SET donation = 1")
            #expect(try await scene.service.figures()[.donations]?.units == 2300)
            #expect(scene.readings == 2 && scene.queries == 4)
        }
    }

    @Test
    func `figures are those of a snapshot of the same state whose last 24 hours hold the same`() {
        let schema = ReceptionSchema()
        func snapshot(_ state: String?, since: Int64) -> ReceptionSnapshot {
            ReceptionSnapshot(
                moment: "",
                takenAt: Date(timeIntervalSince1970: Double(since)),
                state: state,
                since: since
            )
        }
        let figures = ReceptionFigures.zero(ReceptionQuestion(rules: .rolling), at: .distantPast)
        let known = KnownFigures(figures: figures, schema: schema, state: "1:2:", since: 100, oldest: 110)
        for (since, isKnown) in [(99, false), (100, true), (105, true), (110, true), (111, false)] as [(Int64, Bool)] {
            #expect((known.figures(in: snapshot("1:2:", since: since), schema) != nil) == isKnown, "\(since)")
        }
        #expect(known.figures(in: snapshot("1:2:", since: 105), schema)?.takenAt.timeIntervalSince1970 == 105)
        #expect(known.figures(in: snapshot("1:3:", since: 105), schema) == nil)
        #expect(known.figures(in: snapshot(nil, since: 105), schema) == nil)
        #expect(known.figures(in: snapshot("1:2:", since: 105), ReceptionSchema(hasExits: false)) == nil)
    }

    @Test
    func `what was used least lately is forgotten first`() {
        let figures = ReceptionFigures.zero(ReceptionQuestion(rules: .rolling), at: .distantPast)
        let known = KnownFigures(figures: figures, schema: ReceptionSchema(), state: "", since: 0, oldest: 0)
        func key(_ connection: UInt64) -> KnownFiguresMemory.Key {
            .init(question: ReceptionQuestion(rules: .rolling), connection: connection)
        }
        var memory = KnownFiguresMemory(capacity: 2)
        memory.remember(known, for: key(1))
        memory.remember(known, for: key(2))
        _ = memory.recall(key(1))
        memory.remember(known, for: key(3))
        #expect([1, 2, 3].map { memory.recall(key($0)) != nil } == [true, false, true])
        memory.remember(nil, for: key(1))
        #expect(memory.recall(key(1)) == nil && memory.count == 1)
    }

    @Test
    func `what is no plain table is read each time`() async throws {
        try await Self.withScene { scene, connection in
            let question = ReceptionQuestion(rules: .rolling)
            let changes = [
                ("ALTER TABLE sales ENABLE ROW LEVEL SECURITY", "ALTER TABLE sales DISABLE ROW LEVEL SECURITY"),
                (
                    "CREATE TABLE child () INHERITS (ligne_depot)",
                    "DROP TABLE child; ANALYZE ligne_depot"
                ),
                (
                    "ALTER TABLE sale_items RENAME TO kept; CREATE VIEW sale_items AS SELECT * FROM kept",
                    "DROP VIEW sale_items; ALTER TABLE kept RENAME TO sale_items"
                ),
            ]
            for (change, back) in changes {
                try await scene.sql(change)
                #expect(try await Self.ask(connection, question).known == nil, "\(change)")
                for statement in back.split(separator: ";") { try await scene.sql(String(statement)) }
                #expect(try await Self.ask(connection, question).known != nil, "\(back)")
            }
        }
    }

    @Test
    func `what leaves the last 24 hours is counted no more, though nothing was written`() async throws {
        try await Self.withScene { _, connection in
            let now = try await connection.query("SELECT now() AS now").onlyRow().decode("now", as: Date.self)
            func question(_ hours: Double) -> ReceptionQuestion {
                ReceptionQuestion(rules: .rolling, moment: now.addingTimeInterval(hours * 3600))
            }
            var known = try await Self.ask(connection, question(0)).known
            // A sale and a ticket leave every hour, and the sample is a moment older than `now`.
            let steps = [
                (0.25, true), (0.9, true), (1, false), (1.5, true), (5, false), (0, false), (30, false), (40, true),
            ]
            for (hours, isKnown) in steps {
                let fresh = try await Self.ask(connection, question(hours))
                let asked = try await Self.ask(connection, question(hours), known: known)
                #expect(asked.figures == fresh.figures && asked.wereKnown == isKnown, "\(hours) hours later")
                known = asked.known
            }
        }
    }

    @Test
    func `times without end and at the end of time are no obstacle`() async throws {
        try await Self.withScene { scene, connection in
            for time in ["infinity", "294276-12-31 23:59:59.999999+00"] {
                try await scene.sql(
                    """
                    DELETE FROM sale_items; DELETE FROM sales; UPDATE ticket_depot SET status = 'closed', closed_at = '\(time)';
                    INSERT INTO sales (cash_session_id, created_at, total_amount)
                    VALUES ('33333333-3333-3333-3333-333333333333', '\(time)', 2.5);
                    """
                )
                let question = ReceptionQuestion(rules: .rolling)
                let (figures, known, _) = try await Self.ask(connection, question)
                #expect(figures[.ticketsClosed]?.units == 40 && figures[.turnover]?.units == 250)
                #expect(try await Self.ask(connection, question, known: known).wereKnown)
            }
        }
    }

    @Test
    func `figures of another day or another start of the server are not taken for today's`() async throws {
        try await Self.withScene { scene, connection in
            let question = ReceptionQuestion(rules: .openedToday)
            let known = try #require(try await Self.ask(connection, question).known)
            var other = question
            other.timeZone = "Pacific/Kiritimati"
            let elsewhere = try await Self.ask(connection, other, known: known).known
            #expect(elsewhere?.state != known.state)
            let server = scene.server
            try await onThread("restart") { try server.restart() }
            let reconnected = try await Connection.connect(scene.settings)
            let later = try await Self.ask(reconnected, question, known: known).known
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
            let known = try await Self.ask(connection, question, schema).known
            #expect(try await Self.ask(connection, question, schema, known: known).wereKnown)
            #expect(try await !Self.ask(connection, question, ReceptionSchema(hasExits: true), known: known).wereKnown)
            try await scene.sql("CREATE SCHEMA two; CREATE TABLE two.sales (LIKE sales)")
            let before = try await Self.ask(connection, question, schema).known
            #expect(try await Self.ask(connection, question, schema, known: before).wereKnown)
            try await connection.simpleQuery("SET search_path = two, public")
            #expect(try await !Self.ask(connection, question, schema, known: before).wereKnown)
            try await connection.simpleQuery("RESET search_path")
            #expect(try await Self.ask(connection, question, schema, known: before).wereKnown)
            let other = try await Connection.connect(scene.settings)
            #expect(try await !Self.ask(other, question, schema, known: before).wereKnown)
            await other.close()
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
                let fresh = try await Self.ask(counting, question).figures
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
            // Longer than one attempt takes.
            try await Task.sleep(for: .milliseconds(500))
            let end = try await connection.query("SELECT clock_timestamp() AS now").onlyRow().decode(
                "now",
                as: Date.self
            )
            try await connection.simpleQuery("COMMIT")
            let told = try await figures
            #expect(told[.turnover] == expected)
            #expect(told.takenAt > end)
        }
    }

    @Test
    func `an upgrade that changes one table after the other is not ended by a deadlock`() async throws {
        try await Self.withScene { scene, connection in
            let service = scene.service
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Dashboards, each of which locks the tables in one order: tickets before sales.
                for _ in 0..<3 {
                    group.addTask {
                        while !Task.isCancelled {
                            do { _ = try await service.figures() } catch ReceptionError.locked {}
                        }
                    }
                }
                try await connection.simpleQuery("SET deadlock_timeout = '600ms'; BEGIN")
                try await connection.simpleQuery("ALTER TABLE sales ADD COLUMN note text", timeout: .seconds(60))
                // The server looks for a deadlock once in each wait: whoever begins to wait later finds it, and is ended.
                try await Task.sleep(for: .milliseconds(1500))
                try await connection.simpleQuery("ALTER TABLE ticket_depot ADD COLUMN note text", timeout: .seconds(60))
                try await connection.simpleQuery("COMMIT")
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            #expect(try await service.figures()[.ticketsOpen]?.units == 10)
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
