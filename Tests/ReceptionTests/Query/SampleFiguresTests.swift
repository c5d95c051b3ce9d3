import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Reception

/// The figures of the application's sample, against what its generator expects and what another program counts.
@Suite(.serialized)
struct SampleFiguresTests {
    private static let names = [
        "tickets_open", "tickets_closed_24h", "turnover_eur", "donations_eur", "weight_in", "weight_out",
    ]

    @Test
    func `5000 tickets, by all rules, with and without indexes, are what the generator and a recount say`() async throws
    {
        let (server, sample) = try await ReceptionScene.sample(tickets: 5000)
        try await ReceptionScene.with(server) { scene in
            for isIndexed in [false, true] {
                if isIndexed {
                    for advice in ReceptionIndexAdvice.all { try await scene.sql(advice.statement) }
                    scene.advance(by: .seconds(61))
                    let schema = try await scene.service.schemaReport().schema
                    #expect(schema.findsLinesByTicket && schema.findsItemsBySale)
                    #expect(try await scene.service.indexes().allSatisfy { $0.presentAs != nil && $0.bytes > 0 })
                }
                try await compare(scene, sample)
            }
        }
    }

    private func compare(_ scene: ReceptionScene, _ sample: RecyclicSample) async throws {
        var question = ReceptionQuestion(rules: .rolling, moment: try instant(RecyclicSample.instant))
        let rolling = try await scene.service.figures(question)
        let expectedA = try #require(sample.expected["A"])
        try ReceptionScene.expect(rolling, are: Dictionary(uniqueKeysWithValues: zip(Self.names, expectedA)), "A")
        #expect(rolling.takenAt == question.moment)

        question.rules = .openedToday
        let today = try await scene.service.figures(question)
        let items = try #require(today[.itemsReceived])
        var expectedB = Dictionary(uniqueKeysWithValues: zip(Self.names, try #require(sample.expected["B"])))
        expectedB["items_received"] = "\(items)"
        try ReceptionScene.expect(today, are: expectedB, "B")

        question.rules = .openedTodayWithExits
        let exits = try await scene.service.figures(question)
        let expectedC = try #require(sample.expected["C"])
        (expectedB["weight_in"], expectedB["weight_out"]) = (expectedC[0], expectedC[1])
        try ReceptionScene.expect(exits, are: expectedB, "C")

        let moments = try [RecyclicSample.instant, "2026-11-22 23:30:00+00", "2026-11-21 17:00:01+00"].map(instant)
        let questions = moments.flatMap { moment in
            ["UTC", "Europe/Paris", "Pacific/Auckland"].flatMap { zone in
                ReceptionRules.allCases.map { ReceptionQuestion(rules: $0, timeZone: zone, moment: moment) }
            }
        }
        for (question, counted) in zip(questions, try await scene.counted(questions)) {
            try ReceptionScene.expect(try await scene.service.figures(question), are: counted, "\(question)")
        }
    }

    @Test
    func `sales can be had for one site, and a site that is not there is told`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 1000)
        try await ReceptionScene.with(server) { scene in
            let sites = try await scene.sql("SELECT id FROM sites ORDER BY name").split(separator: "\n").map(
                String.init
            )
            #expect(sites.count == 4)
            var turnover: Int64 = 0
            let moment = try instant(RecyclicSample.instant)
            let questions = sites.flatMap { site in
                ReceptionRules.allCases.map {
                    ReceptionQuestion(rules: $0, site: UUID(uuidString: site), moment: moment)
                }
            }
            for (question, counted) in zip(questions, try await scene.counted(questions)) {
                let figures = try await scene.service.figures(question)
                try ReceptionScene.expect(figures, are: counted, "\(question)")
                if question.rules == .rolling { turnover += figures[.turnover]?.units ?? 0 }
            }
            let all = ReceptionQuestion(rules: .rolling, moment: try instant(RecyclicSample.instant))
            #expect(try await scene.service.figures(all)[.turnover]?.units == turnover && turnover > 0)
            let stranger = UUID()
            await #expect(throws: ReceptionError.unknownSite(stranger)) {
                try await scene.service.figures(ReceptionQuestion(rules: .rolling, site: stranger))
            }
            #expect(scene.told == [])
        }
    }

    @Test
    func `a database older than exits has none`() async throws {
        let (server, sample) = try await ReceptionScene.sample(tickets: 500, hasExits: false)
        #expect(sample.expected["C"] == nil)
        try await ReceptionScene.with(server) { scene in
            var question = ReceptionQuestion(rules: .openedToday, moment: try instant(RecyclicSample.instant))
            let today = try await scene.service.figures(question)
            #expect(try await !scene.service.schemaReport().schema.hasExits)
            question.rules = .openedTodayWithExits
            #expect(try await scene.service.figures(question).values == today.values)
        }
    }

    @Test
    func `empty tables give zeros`() async throws {
        let (server, _) = try await ReceptionScene.sample(tickets: 100)
        try await ReceptionScene.with(server) { scene in
            try await scene.sql(
                "TRUNCATE poste_reception, ticket_depot, ligne_depot, cash_sessions, sales, sale_items CASCADE"
            )
            for rules in ReceptionRules.allCases {
                let figures = try await scene.service.figures(ReceptionQuestion(rules: rules))
                #expect(figures.values.map(\.figure) == rules.figures)
                #expect(figures.values.allSatisfy { $0.number.units == 0 })
            }
        }
    }
}
