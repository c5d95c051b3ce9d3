import Blocking
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// What lacks of the application's tables, goes, or comes back while they are asked for.
@Suite(.serialized)
struct ObstacleTests {
    @Test
    func `what is missing is named, with the statement that grants it`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await onThread("role") { try server.execute("CREATE ROLE reader LOGIN", database: "recyclic") }
        try await ReceptionScene.with(server, user: "reader") { scene in
            // All at once, whatever is asked, so that one round of mending is enough.
            let everything = ReceptionError.notPermitted(ReceptionTable.allCases, role: "reader")
            await #expect(throws: everything) { try await scene.service.figures() }
            await #expect(throws: everything) { try await scene.service.access(of: UUID()) }
            let hint = try #require(everything.hint)
            #expect(hint.contains("GRANT SELECT (id, role, is_active) ON users TO \"reader\";"))
            try await scene.sql(hint)
            // Whoever has mended it looks at once.
            scene.advance(by: .seconds(1))
            _ = try await scene.service.figures()
            #expect(try await scene.service.access(of: UUID()) == .unknown)
            #expect(scene.told == ["receptionNotPermitted", nil])
            // A hardened database: then no table is seen at all.
            try await scene.sql("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
            scene.configure { $0.isEnabled = nil }
            scene.advance(by: .seconds(61))
            let hidden = ReceptionError.schemaNotPermitted(["public"], role: "reader")
            await #expect(throws: hidden) { try await scene.service.figures() }
            await #expect(throws: hidden) { try await scene.service.access(of: UUID()) }
            await #expect(throws: hidden) { try await scene.service.indexes() }
            try await scene.sql(try #require(hidden.hint))
            scene.advance(by: .seconds(1))
            _ = try await scene.service.figures()

            // What goes while it is in use is noticed at once, without waiting for the next look at the catalogue.
            try await scene.sql("ALTER TABLE sale_items RENAME COLUMN weight TO kilograms")
            await #expect(throws: ReceptionError.columnsMissing([.init(.items, "weight")])) {
                try await scene.service.figures()
            }
            try await scene.sql("ALTER TABLE sale_items RENAME COLUMN kilograms TO weight")
            scene.advance(by: .seconds(1))
            _ = try await scene.service.figures()
            try await scene.sql("ALTER TABLE sales RENAME TO sold")
            await #expect(throws: ReceptionError.tablesMissing([.sales])) { try await scene.service.figures() }
        }
    }

    @Test
    func `changes of the tables are seen by the request that meets them`() async throws {
        let server = try await ExactnessTests.server()
        try await ReceptionScene.with(server) { scene in
            try await scene.sql(
                """
                ALTER TABLE ligne_depot DROP COLUMN is_exit, ALTER COLUMN poids_kg TYPE float8;
                INSERT INTO poste_reception VALUES ('11111111-1111-1111-1111-111111111111', now());
                INSERT INTO ticket_depot (poste_id, status) VALUES ('11111111-1111-1111-1111-111111111111', 'opened');
                INSERT INTO ligne_depot SELECT id, 0.1 FROM ticket_depot, generate_series(1, 3);
                INSERT INTO sales (created_at, total_amount) VALUES (now(), 2.5);
                """
            )
            scene.configure { $0.rules = .openedTodayWithExits }
            let before = try await scene.service.figures()
            #expect(before[.weightIn]?.description == "0.3" && before[.weightOut]?.units == 0)
            // The upgrade that brings exits.
            try await scene.sql(
                "ALTER TABLE ligne_depot ADD COLUMN is_exit boolean; UPDATE ligne_depot SET is_exit = true"
            )
            let after = try await scene.service.figures()
            #expect(after[.weightIn]?.units == 0 && after[.weightOut]?.description == "0.3")
            // A kind of table that can't be locked.
            scene.configure { $0.rules = .rolling }
            try await scene.sql(
                "ALTER TABLE sales RENAME TO kept; CREATE MATERIALIZED VIEW sales AS SELECT * FROM kept"
            )
            #expect(try await scene.service.figures()[.turnover]?.units == 250)
        }
    }

    @Test
    func `rows that row-level security hides are missed, not left out`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await onThread("role") {
            try server.execute("CREATE ROLE reader LOGIN; GRANT pg_read_all_data TO reader", database: "recyclic")
        }
        try await ReceptionScene.with(server, user: "reader") { scene in
            let expected = try await scene.service.figures().values
            try await scene.sql("ALTER TABLE sales ENABLE ROW LEVEL SECURITY")
            let hidden = ReceptionError.rowSecurity([.sales], role: "reader")
            await #expect(throws: hidden) { try await scene.service.figures() }
            try await scene.sql(try #require(hidden.hint))
            scene.advance(by: .seconds(1))
            #expect(try await scene.service.figures().values == expected)
        }
    }

    @Test
    func `tables that all go are told once, and so is their return`() async throws {
        let server = try await ExactnessTests.server()
        try await ReceptionScene.with(server) { scene in
            scene.configure { $0.isEnabled = nil }
            _ = try await scene.service.figures()
            let tables = ["poste_reception", "ticket_depot", "ligne_depot"]
            try await scene.sql(tables.map { "ALTER TABLE \($0) RENAME TO kept_\($0);" }.joined())
            await #expect(throws: ReceptionError.self) { try await scene.service.figures() }
            scene.advance(by: .seconds(1))
            await #expect(throws: ReceptionError.notHere) { try await scene.service.figures() }
            #expect(scene.told == ["receptionTablesMissing"])
            try await scene.sql(tables.map { "ALTER TABLE kept_\($0) RENAME TO \($0);" }.joined())
            scene.advance(by: .seconds(5))
            _ = try await scene.service.figures()
            #expect(scene.told == ["receptionTablesMissing", nil])
        }
    }

    @Test
    func `a table that goes is told, also where nobody asked for the statistics`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            scene.configure { $0.isEnabled = nil }
            _ = try await scene.service.figures()
            try await scene.sql("ALTER TABLE sales RENAME TO sold")
            for _ in 0..<2 {
                await #expect(throws: ReceptionError.tablesMissing([.sales])) { try await scene.service.figures() }
            }
            let isNotHere = await scene.service.isNotHere()
            #expect(!isNotHere && scene.service.isOn)
            #expect(scene.told == ["receptionTablesMissing"] && scene.service.meter.counts.errors == 2)
            await #expect(throws: ReceptionError.tablesMissing([.sales])) { try await scene.service.indexes() }
            let found = try await ReceptionExamination.make(scene.settings)
            #expect(found.report.isApplication && found.missingIndexes.isEmpty)
            #expect(found.report.obstacle(role: "postgres") == .tablesMissing([.sales]))
            try await scene.sql("ALTER TABLE sold RENAME TO sales")
            scene.advance(by: .seconds(61))
            _ = try await scene.service.figures()
            #expect(scene.told == ["receptionTablesMissing", nil])
        }
    }
}
