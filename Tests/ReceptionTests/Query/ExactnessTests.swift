import Blocking
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// Sums, windows and days at their edges.
@Suite(.serialized)
struct ExactnessTests {
    /// Tables with the columns that matter, empty.
    static let tables = """
        CREATE TABLE poste_reception (id uuid DEFAULT gen_random_uuid(), opened_at timestamptz);
        CREATE TABLE ticket_depot (id uuid DEFAULT gen_random_uuid(), poste_id uuid, status varchar, closed_at timestamptz);
        CREATE TABLE ligne_depot (ticket_id uuid, poids_kg numeric(8,3), is_exit boolean);
        CREATE TABLE sites (id uuid);
        CREATE TABLE cash_sessions (id uuid DEFAULT gen_random_uuid(), opened_at timestamptz, site_id uuid);
        CREATE TABLE sales (id uuid DEFAULT gen_random_uuid(), cash_session_id uuid, created_at timestamptz,
                            total_amount float8, donation float8);
        CREATE TABLE sale_items (sale_id uuid, weight float8);
        CREATE TABLE users (id uuid PRIMARY KEY, role varchar, is_active boolean);
        """

    static func server() async throws -> PrivatePostgres {
        // An autovacuum is a transaction, too: then nothing would be known to be the same.
        let server = try await PrivatePostgres.started { $0.settings["autovacuum"] = "off" }
        try await onThread("sql") {
            try server.execute("CREATE DATABASE recyclic")
            try server.execute(tables, database: "recyclic")
        }
        return server
    }

    @Test
    func `sums are exact where those of doubles are not`() async throws {
        try await ReceptionScene.with(try await Self.server()) { scene in
            try await scene.sql(
                """
                INSERT INTO sales (created_at, total_amount, donation)
                SELECT now(), 0.1, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN 0.2 ELSE 0 END FROM generate_series(1, 3000) i;
                INSERT INTO sales (created_at, total_amount) VALUES (now(), 0.005), (now(), 1e13), (now(), -0.3);
                INSERT INTO sale_items SELECT id, 4.1 FROM sales;
                INSERT INTO sale_items SELECT id, NULL FROM sales LIMIT 5;
                INSERT INTO sale_items SELECT id, 0.0005 FROM sales LIMIT 1;
                """
            )
            let figures = try await scene.service.figures()
            // 300.00 + 0.005 + 10¹³ - 0.30, rounded half away from zero.
            #expect(figures[.turnover]?.description == "10000000000299.71")
            // 3003 items of 4.1 kg, and half a gram.
            #expect(figures[.donations]?.description == "200")
            #expect(figures[.weightOut]?.description == "12312.301")
        }
    }

    @Test
    func `a value that is no number is told, not passed on`() async throws {
        try await ReceptionScene.with(try await Self.server()) { scene in
            for value in ["NaN", "Infinity"] {
                try await scene.sql(
                    "TRUNCATE sales; INSERT INTO sales (created_at, total_amount) VALUES (now(), '\(value)')"
                )
                await #expect(throws: ReceptionError.notANumber(.turnover, value)) { try await scene.service.figures() }
            }
            try await scene.sql("UPDATE sales SET total_amount = 1e307")
            let error = await #expect(throws: ReceptionError.self) { try await scene.service.figures() }
            let message = "\"turnover_eur\" comes to \"100000000000000000000000…\", which is no sensible number"
            #expect(error?.message == message)
        }
    }

    @Test
    func `the last 24 hours begin at their first microsecond, and a NULL is no exit`() async throws {
        try await ReceptionScene.with(try await Self.server()) { scene in
            try await scene.sql(
                """
                INSERT INTO poste_reception VALUES ('11111111-1111-1111-1111-111111111111', '2026-05-05 00:00+00');
                INSERT INTO ticket_depot (id, poste_id, status, closed_at) VALUES
                  ('22222222-2222-2222-2222-222222222221', '11111111-1111-1111-1111-111111111111', 'closed', '2026-05-04 12:00+00'),
                  ('22222222-2222-2222-2222-222222222222', '11111111-1111-1111-1111-111111111111', 'closed',
                   '2026-05-04 11:59:59.999999+00'),
                  ('22222222-2222-2222-2222-222222222223', '11111111-1111-1111-1111-111111111111', 'closed', NULL),
                  ('22222222-2222-2222-2222-222222222224', '11111111-1111-1111-1111-111111111111', 'opened', NULL);
                INSERT INTO ligne_depot SELECT id, 1, NULL FROM ticket_depot;
                INSERT INTO ligne_depot SELECT id, 10, false FROM ticket_depot;
                INSERT INTO ligne_depot SELECT id, 100, true FROM ticket_depot;
                """
            )
            var question = ReceptionQuestion(
                rules: .openedTodayWithExits,
                moment: try instant("2026-05-05 12:00:00+00")
            )
            let figures = try await scene.service.figures(question)
            #expect(figures[.ticketsOpen]?.units == 1 && figures[.ticketsClosed]?.units == 1)
            #expect(figures[.itemsReceived]?.units == 3)
            #expect(figures[.weightIn]?.description == "22" && figures[.weightOut]?.description == "200")
            question.rules = .rolling
            #expect(try await scene.service.figures(question)[.weightIn]?.description == "222")
        }
    }

    /// When the day of a moment began: ordinary ones, those with 23 and 25 hours, one whose midnight does not exist (Cairo), and
    /// one that has two (Havana).
    static let days = [
        ("UTC", "2026-03-29 12:00:00+00", "2026-03-29 00:00:00+00"),
        ("Europe/Paris", "2026-03-28 22:59:59+00", "2026-03-27 23:00:00+00"),
        ("Europe/Paris", "2026-03-29 12:00:00+00", "2026-03-28 23:00:00+00"),
        ("Europe/Paris", "2026-03-30 12:00:00+00", "2026-03-29 22:00:00+00"),
        ("Europe/Paris", "2026-10-25 00:30:00+00", "2026-10-24 22:00:00+00"),
        ("Europe/Paris", "2026-10-25 22:30:00+00", "2026-10-24 22:00:00+00"),
        ("Europe/Paris", "2026-10-25 23:00:00+00", "2026-10-25 23:00:00+00"),
        ("Africa/Cairo", "2026-04-24 12:00:00+00", "2026-04-23 22:00:00+00"),
        ("America/Havana", "2026-11-01 04:30:00+00", "2026-11-01 04:00:00+00"),
        ("America/Havana", "2026-11-01 12:00:00+00", "2026-11-01 04:00:00+00"),
        ("America/Havana", "2026-11-02 12:00:00+00", "2026-11-02 05:00:00+00"),
        ("Asia/Kathmandu", "2026-05-05 12:00:00+00", "2026-05-04 18:15:00+00"),
        ("Pacific/Kiritimati", "2026-05-05 12:00:00+00", "2026-05-05 10:00:00+00"),
    ]

    @Test
    func `today begins where it does in its time zone, also when clocks change`() async throws {
        try await ReceptionScene.with(try await Self.server()) { scene in
            for (zone, moment, start) in Self.days {
                try await scene.sql(
                    """
                    TRUNCATE poste_reception, ticket_depot, cash_sessions, sales;
                    INSERT INTO poste_reception (opened_at)
                    SELECT timestamptz '\(start)' + i * interval '1 s' FROM generate_series(-7300, 7300) i;
                    INSERT INTO ticket_depot (poste_id, status) SELECT id, 'opened' FROM poste_reception;
                    INSERT INTO cash_sessions (opened_at) SELECT opened_at FROM poste_reception;
                    INSERT INTO sales (cash_session_id, created_at, total_amount)
                    SELECT id, '\(moment)', 0.01 FROM cash_sessions;
                    """
                )
                let question = ReceptionQuestion(rules: .openedToday, timeZone: zone, moment: try instant(moment))
                let figures = try await scene.service.figures(question)
                #expect(figures[.ticketsOpen]?.units == 7301, "\(zone) at \(moment)")
                #expect(figures[.turnover]?.units == 7301, "\(zone) at \(moment)")
            }
        }
    }
}
