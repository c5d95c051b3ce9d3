import Blocking
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// What is found of the indexes, in a database where some were made badly.
@Suite(.serialized)
struct IndexStateTests {
    private func state(_ scene: ReceptionScene, _ table: ReceptionTable) async throws -> ReceptionIndexState {
        try #require(try await scene.service.indexes().first { $0.advice.table == table })
    }

    @Test
    func `an index that is being made is told, and so is one that a failed run has left`() async throws {
        try await ReceptionScene.with(try await ExactnessTests.server()) { scene in
            let statement = try await state(scene, .sales).advice.statement
            // As long as this transaction goes on, nobody finishes an index of the table.
            let writer = try await Connection.connect(scene.settings)
            try await writer.simpleQuery("BEGIN; LOCK TABLE sales IN ROW EXCLUSIVE MODE")
            await #expect(throws: TestSupportError.self) {
                try await scene.sql("SET lock_timeout = '10ms';\n\(statement)")
            }
            let left = try await state(scene, .sales)
            #expect(left.presentAs == nil && left.isInvalid && !left.isBeingMade)
            #expect(left.advice.dropStatement == "DROP INDEX CONCURRENTLY recyclic_sales_created_at;")
            // It is in the way of the statement alone, so it goes first.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await scene.sql("\(left.advice.dropStatement)\n\(statement)") }
                let server = scene.server
                try await onThread("wait") {
                    try server.waitUntil(
                        "SELECT count(*) > 0 FROM pg_stat_activity WHERE query ~ '^(CREATE|DROP) INDEX' AND wait_event_type = 'Lock'"
                    )
                }
                try await writer.simpleQuery("COMMIT; BEGIN; LOCK TABLE ligne_depot IN ROW EXCLUSIVE MODE")
                try await group.waitForAll()
            }
            let made = try await state(scene, .sales)
            #expect(made.presentAs == "recyclic_sales_created_at" && !made.isInvalid && !made.isBeingMade)

            let other = try await state(scene, .lines).advice.statement
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await scene.sql(other) }
                while try await !state(scene, .lines).isBeingMade { try await Task.sleep(for: .milliseconds(5)) }
                let underway = try await state(scene, .lines)
                #expect(underway.presentAs == nil && !underway.isInvalid)
                try await writer.simpleQuery("COMMIT")
                try await group.waitForAll()
            }
            let finished = try await state(scene, .lines)
            #expect(finished.presentAs == "recyclic_ligne_depot_ticket_id" && !finished.isBeingMade)
        }
    }

    @Test
    func `the size in a table that was never analysed is estimated by the table's`() async throws {
        try await ReceptionScene.with(try await ExactnessTests.server()) { scene in
            try await scene.sql(
                """
                INSERT INTO ligne_depot SELECT id, 1, false
                FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 7000)) AS tickets, generate_series(1, 3)
                """
            )
            let guess = try await state(scene, .lines)
            try await scene.sql("CREATE INDEX found ON ligne_depot (ticket_id)")
            let real = try await state(scene, .lines)
            #expect((0.3...3).contains(Double(guess.bytes) / Double(real.bytes)), "\(guess.bytes) \(real.bytes)")
        }
    }

    @Test
    func `an index that stores a column without being sorted by it is another`() async throws {
        try await ReceptionScene.with(try await ExactnessTests.server()) { scene in
            try await scene.sql("CREATE INDEX stored ON ticket_depot (status) INCLUDE (closed_at)")
            #expect(try await state(scene, .tickets).presentAs == nil)
            try await scene.sql("CREATE INDEX sorted ON ticket_depot (status, closed_at, id)")
            #expect(try await state(scene, .tickets).presentAs == "sorted")
        }
    }
}
