import Blocking
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// The service beside others who write, and with a database that goes wrong.
@Suite(.serialized)
struct ServiceTests {
    /// Connections, patience and lifetimes that suit a test that waits for them.
    private static let impatient: ReceptionLimits = {
        var limits = ReceptionLimits()
        limits.statementTimeout = .seconds(2)
        limits.patience = .seconds(4)
        limits.connectionPatience = .seconds(2)
        return limits
    }()

    @Test
    func `all figures are of one snapshot, none is older than its request, while others write`() async throws {
        let server = try await ExactnessTests.server()
        try await ReceptionScene.with(server) { scene in
            // Each transaction adds one to every figure; a ticket is opened with 1 kg and closed by the next.
            try await scene.sql(
                """
                CREATE TABLE ledger (n int); INSERT INTO ledger VALUES (0);
                CREATE PROCEDURE work(rounds int) LANGUAGE plpgsql AS $$
                DECLARE ticket uuid; sale uuid;
                BEGIN
                    FOR i IN 1..rounds LOOP
                        INSERT INTO ticket_depot (status, closed_at) VALUES ('closed', now()) RETURNING id INTO ticket;
                        INSERT INTO ligne_depot VALUES (ticket, 1, false);
                        INSERT INTO sales (created_at, total_amount, donation) VALUES (now(), 1, 0.5) RETURNING id INTO sale;
                        INSERT INTO sale_items VALUES (sale, 1);
                        UPDATE ledger SET n = n + 1;
                        COMMIT;
                    END LOOP;
                END $$;
                """
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await scene.sql("CALL work(1500)") } }
                for _ in 0..<8 {
                    group.addTask {
                        var before: Int64 = 0
                        for _ in 0..<25 {
                            let atLeast = Int64(try await scene.count("SELECT n FROM ledger"))
                            let figures = try await scene.service.figures()
                            let closed = figures[.ticketsClosed]?.units ?? -1
                            #expect(closed >= atLeast && closed >= before)
                            #expect(figures[.turnover]?.units == closed * 100)
                            #expect(figures[.donations]?.units == closed * 50)
                            #expect(figures[.weightIn]?.units == closed * 1000)
                            #expect(figures[.weightOut]?.units == closed * 1000)
                            before = closed
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await scene.service.figures()[.ticketsClosed]?.units == 3000)
        }
    }

    @Test
    func `requests that come together share one query, and one that comes while it runs waits for the next`()
        async throws
    {
        let server = try await ExactnessTests.server()
        try await ReceptionScene.with(server) { scene in
            try await scene.sql("ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf()")
            _ = try await scene.service.figures()
            let before = scene.queries
            #expect(before == 1)
            // Whoever holds this lock keeps the first query waiting.
            let (holding, release) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let connection = try await Connection.connect(scene.settings)
                    try await connection.simpleQuery("BEGIN; LOCK TABLE sales IN ACCESS EXCLUSIVE MODE")
                    holding.continuation.yield()
                    for await _ in release.stream { break }
                    try await connection.simpleQuery("COMMIT")
                }
                for await _ in holding.stream { break }
                group.addTask { _ = try await scene.service.figures() }
                try await scene.waitUntilBlocked()
                for _ in 0..<40 { group.addTask { _ = try await scene.service.figures() } }
                while scene.service.waiting < 41 { try await Task.sleep(for: .milliseconds(5)) }
                release.continuation.yield()
                try await group.waitForAll()
            }
            #expect(scene.queries == before + 2)
            #expect(scene.service.meter.counts.requests == 42 && scene.service.meter.counts.errors == 0)
        }
    }

    @Test
    func `a database that goes down is told once, and so is its return`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            #expect(try await scene.service.figures()[.ticketsOpen] != nil)
            try await onThread("stop") { try server.stop() }
            for _ in 0..<2 {
                await #expect(throws: PostgresError.self) { try await scene.service.figures() }
            }
            #expect(scene.told.count == 1 && scene.told.first != .some(nil))
            #expect(scene.service.meter.counts.errors == 2)
            try await onThread("start") { try server.start() }
            var figures: ReceptionFigures?
            while figures == nil { figures = try? await scene.service.figures() }
            #expect(scene.told.count == 2 && scene.told.last == .some(nil))
        }
    }

    @Test
    func `a database that hangs is given up in time, and others get their connections`() async throws {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        _ = try await onThread("sample") { try RecyclicSample.make(in: server, tickets: 100) }
        let proxy = try StallingProxy(to: server.port)
        try await ReceptionScene.with(server, port: proxy.port, limits: Self.impatient) { scene in
            _ = try await scene.service.figures()
            proxy.stall()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { await #expect(throws: (any Error).self) { try await scene.service.figures() } }
                }
            }
            // Of the daemon's pool nothing was taken for longer than a look at the catalogue.
            #expect(scene.catalogue.statistics.leased == 0 && scene.catalogue.statistics.waiting == 0)
            proxy.resume()
            var figures: ReceptionFigures?
            while figures == nil { figures = try? await scene.service.figures() }
        }
        proxy.close()
    }

    @Test
    func `a statement that takes too long is ended by the server`() async throws {
        let server = try await ExactnessTests.server()
        try await ReceptionScene.with(server, limits: Self.impatient) { scene in
            _ = try await scene.service.figures()
            for table in ["sales", "users"] {
                try await scene.sql(
                    """
                    ALTER TABLE \(table) RENAME TO kept_\(table); INSERT INTO kept_\(table) (id) VALUES (gen_random_uuid());
                    CREATE VIEW \(table) AS SELECT * FROM kept_\(table) WHERE pg_sleep(60) IS NOT NULL OFFSET 0
                    """
                )
            }
            await #expect(throws: ReceptionError.tooSlow(seconds: 2)) { try await scene.service.figures() }
            // More indexes would not help who waits for a user's role.
            await #expect(throws: ReceptionError.noAnswer(seconds: 2)) { try await scene.service.access(of: UUID()) }
            for table in ["sales", "users"] {
                try await scene.sql("DROP VIEW \(table); ALTER TABLE kept_\(table) RENAME TO \(table)")
            }
            _ = try await scene.service.figures()
            #expect(server.log.contains("canceling statement due to statement timeout"))
        }
    }

    @Test
    func `a database that is down when a role is asked for is counted and told as well`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            #expect(try await scene.service.access(of: UUID()) == .unknown)
            #expect(scene.service.meter.counts.requests == 0)
            try await onThread("stop") { try server.stop() }
            await #expect(throws: PostgresError.self) { try await scene.service.access(of: UUID()) }
            #expect(scene.service.meter.counts.requests == 1 && scene.service.meter.counts.errors == 1)
            #expect(scene.told.count == 1 && scene.told.first != .some(nil))
            scene.configure { $0.isEnabled = false }
            await #expect(throws: PostgresError.self) { try await scene.service.access(of: UUID()) }
            #expect(scene.service.meter.counts.requests == 1)
            scene.configure { $0.isEnabled = true }
            try await onThread("start") { try server.start() }
            var figures: ReceptionFigures?
            while figures == nil { figures = try? await scene.service.figures() }
            #expect(scene.told.count == 2 && scene.told.last == .some(nil))
        }
    }

    @Test
    func `however the reason changes, it is told once that there are no figures, and once that there are`() async throws
    {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        let others = ["poste_reception", "ticket_depot", "ligne_depot", "cash_sessions", "sale_items"]
        try await onThread("role") {
            try server.execute(
                "CREATE ROLE reader LOGIN; GRANT SELECT ON \(others.joined(separator: ", ")) TO reader",
                database: "recyclic"
            )
        }
        try await ReceptionScene.with(server, user: "reader") { scene in
            await #expect(throws: ReceptionError.notPermitted([.sales, .users, .sites], role: "reader")) {
                try await scene.service.figures()
            }
            try await scene.sql("ALTER TABLE sales RENAME donation TO given")
            scene.advance(by: .seconds(61))
            await #expect(throws: ReceptionError.columnsMissing([.init(.sales, "donation")])) {
                try await scene.service.figures()
            }
            #expect(scene.told == ["receptionNotPermitted"])
            try await scene.sql("ALTER TABLE sales RENAME given TO donation; GRANT SELECT ON sales TO reader")
            scene.advance(by: .seconds(61))
            _ = try await scene.service.figures()
            #expect(scene.told == ["receptionNotPermitted", nil])

            // What keeps one site's figures from being had says nothing of the others.
            await #expect(throws: ReceptionError.notPermitted([.users, .sites], role: "reader")) {
                try await scene.service.figures(site: UUID())
            }
            _ = try await scene.service.figures()
            #expect(scene.told.count == 2)

            // Those who need no token get figures while nobody's role can be read.
            for _ in 0..<2 {
                await #expect(throws: ReceptionError.notPermitted([.users, .sites], role: "reader")) {
                    try await scene.service.access(of: UUID())
                }
                _ = try await scene.service.figures()
            }
            #expect(scene.told == ["receptionNotPermitted", nil, "receptionNotPermitted"])
            try await scene.sql(ReceptionTable.users.grant(to: "reader"))
            scene.advance(by: .seconds(1))
            #expect(try await scene.service.access(of: UUID()) == .unknown)
            #expect(scene.told == ["receptionNotPermitted", nil, "receptionNotPermitted", nil])
        }
    }

    @Test
    func `what was known of the tables will do while they can't be looked at anew`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        var limits = ReceptionLimits()
        limits.connectionPatience = .seconds(1)
        try await ReceptionScene.with(server, limits: limits) { scene in
            _ = try await scene.service.figures()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let all = PoolConfiguration().maximumConnections
                for _ in 0..<all {
                    group.addTask {
                        try await scene.catalogue.withConnection { _ in try await Task.sleep(for: .seconds(3600)) }
                    }
                }
                while scene.catalogue.statistics.leased < all { try await Task.sleep(for: .milliseconds(5)) }
                for _ in 0..<2 {
                    scene.advance(by: .seconds(61))
                    _ = try await scene.service.figures()
                }
                #expect(scene.told == [] && scene.service.meter.counts.errors == 0)
                group.cancelAll()
            }
        }
    }

    @Test
    func `a request has one deadline, whatever it waits for`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            let deadline = scene.service.deadline()
            #expect(try await scene.service.access(of: UUID(), by: deadline) == .unknown)
            _ = try await scene.service.figures(by: deadline)
            scene.advance(by: .seconds(15))
            await #expect(throws: ReceptionError.noAnswer(seconds: 15)) {
                try await scene.service.access(of: UUID(), by: deadline)
            }
            await #expect(throws: ReceptionError.tooSlow(seconds: 15)) {
                try await scene.service.figures(by: deadline)
            }
            _ = try await scene.service.figures()
        }
    }

    @Test
    func `where the tables are not there it is nobody's business, unless somebody says otherwise`() async throws {
        let server = try await PrivatePostgres.started()
        try await ReceptionScene.with(server, database: "postgres") { scene in
            scene.configure { $0.isEnabled = nil }
            await #expect(throws: ReceptionError.notHere) { try await scene.service.figures() }
            #expect(await scene.service.isNotHere())
            #expect(!scene.service.isOn && scene.told == [] && scene.service.meter.counts.requests == 0)
            scene.configure { $0.isEnabled = true }
            await #expect(throws: ReceptionError.tablesMissing(ReceptionTable.allCases)) {
                try await scene.service.figures()
            }
            #expect(scene.service.isOn && scene.told == ["receptionTablesMissing"])
            // They come, and with the next request the statistics are on by themselves.
            scene.configure { $0.isEnabled = nil }
            try await scene.sql(ExactnessTests.tables)
            scene.advance(by: .seconds(5))
            _ = try await scene.service.figures()
            #expect(scene.service.isOn && scene.told == ["receptionTablesMissing", nil])
        }
    }

    @Test
    func `switched off, zeros are given and no table of the statistics is touched`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            scene.configure { $0.isEnabled = false }
            let scans = """
                SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_user_tables
                WHERE relname IN ('ticket_depot', 'ligne_depot', 'poste_reception', 'sales', 'sale_items', 'cash_sessions')
                """
            // What the session counted that made the sample is seen once it is gone, which may take a moment.
            for _ in 0..<200 {
                let others = try await scene.count(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name !~ 'live stats'
                    """
                )
                if others == 0 { break }
            }
            let before = try await scene.count(scans)
            for rules in ReceptionRules.allCases {
                scene.configure { $0.rules = rules }
                let figures = try await scene.service.figures()
                #expect(figures.values.map(\.figure) == rules.figures)
                #expect(figures.values.allSatisfy { $0.number.units == 0 })
            }
            #expect(try await scene.service.access(of: UUID()) == .unknown)
            // What a session counted is seen at its end, at the latest; the service had none but for the user.
            #expect(
                try await scene.count("SELECT count(*) FROM pg_stat_activity WHERE application_name ~ 'live stats'")
                    == 1
            )
            #expect(try await scene.count(scans) == before)
            #expect(!scene.service.isOn && scene.service.meter.counts.requests == 0)
        }
    }

    @Test
    func `a demoted administrator is one for at most half a minute more`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            func user(_ condition: String) async throws -> UUID {
                let text = try await scene.sql("SELECT id FROM users WHERE \(condition) ORDER BY id LIMIT 1")
                return try #require(UUID(uuidString: text) as UUID?)
            }
            let admin = try await user("role = 'admin' AND is_active")
            #expect(try await scene.service.access(of: admin) == .allowed)
            let superAdmin = try await user("role = 'super-admin'")
            #expect(try await scene.service.access(of: superAdmin) == .allowed)
            let other = try await user("role = 'user' AND is_active")
            #expect(try await scene.service.access(of: other) == .wrongRole)
            let gone = try await user("NOT is_active")
            #expect(try await scene.service.access(of: gone) == .inactive)
            #expect(try await scene.service.access(of: UUID()) == .unknown)

            try await scene.sql("UPDATE users SET role = 'user' WHERE id = '\(admin)'")
            scene.advance(by: .seconds(30))
            #expect(try await scene.service.access(of: admin) == .wrongRole)
            try await scene.sql("UPDATE users SET role = 'admin' WHERE id = '\(admin)'")
            scene.advance(by: .seconds(5))
            #expect(try await scene.service.access(of: admin) == .allowed)
        }
    }
}

extension ReceptionScene {
    /// A number that a statement gives.
    func count(_ statement: String) async throws -> Int {
        try #require(Int(try await sql(statement)) as Int?)
    }

    /// How many times the figures were asked for, by the server's log.
    var queries: Int { server.log.split(separator: "\n").count { $0.contains(" AS moment,") } }

    /// How many times the tables were read for that.
    var readings: Int { server.log.split(separator: "\n").count { $0.contains("WITH sold AS MATERIALIZED") } }

    /// Waits until a statement of the service waits for a lock.
    fileprivate func waitUntilBlocked() async throws {
        let server = server
        try await onThread("wait") {
            try server.waitUntil(
                "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ 'live stats' AND wait_event_type = 'Lock'"
            )
        }
    }
}
