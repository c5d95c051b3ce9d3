import ControlAPI
import Testing

@testable import recyclicctl

@Suite
struct StatsViewTests {
    private static let stats = ReceptionStats(
        takenAt: "2026-11-22T12:00:00Z",
        semantics: "opened-today",
        timeZone: "UTC",
        enabled: true,
        durationSeconds: 0.002,
        ticketsOpen: 17,
        ticketsClosed24h: 1_037,
        itemsReceived: 2_800,
        turnoverEur: 3027.5,
        donationsEur: 0.05,
        weightInKg: 1432.196,
        weightOutKg: 817.08
    )

    @Test
    func `figures stand in columns, with their units, to the cent and the gram`() {
        let lines = StatsView.lines(Self.stats).dropFirst()
        #expect(
            lines == [
                "  tickets open                      17", "  tickets closed in 24 h         1,037",
                "  items received                 2,800", "  turnover                3,027.50 EUR",
                "  donations                   0.05 EUR", "  weight in               1,432.196 kg",
                "  weight out                817.080 kg",
            ]
        )
    }

    @Test
    func `what changed is told with its sign, and nothing else`() {
        var before = Self.stats
        before.ticketsOpen = 18
        before.turnoverEur = 3027.2
        before.weightOutKg = 1817.081
        let lines = StatsView.lines(Self.stats, since: before)
        #expect(lines.filter { $0.contains("(") }.count == 3)
        #expect(lines[1].hasSuffix("17  (-1)") && lines[4].hasSuffix("3,027.50 EUR  (+0.30 EUR)"))
        #expect(lines[7].hasSuffix("817.080 kg  (-1,000.001 kg)"))
    }

    @Test
    func `figures of statistics that are switched off are not shown as if they were any`() {
        var off = Self.stats
        off.enabled = false
        #expect(StatsView.lines(off).count == 1)
    }

    private static func index(
        presentAs: String? = nil,
        isInvalid: Bool = false,
        isBeingMade: Bool = false
    ) -> ReceptionIndex {
        ReceptionIndex(
            table: "sales",
            statement: "CREATE INDEX CONCURRENTLY i ON sales (created_at);",
            dropStatement: isInvalid ? "DROP INDEX CONCURRENTLY i;" : nil,
            purpose: "finds sales",
            writeCost: "one entry for each sale",
            presentAs: presentAs,
            isBeingMade: isBeingMade,
            sizeBytes: 1 << 20,
            isEstimate: presentAs == nil
        )
    }

    /// The lines that psql would run.
    private static func run(_ index: ReceptionIndex) -> [String] {
        StatsView.indexes([index]).filter { !$0.hasPrefix("--") && !$0.isEmpty }
    }

    @Test
    func `statements of indexes can be run as they are printed, and those of indexes that are there are comments`() {
        let statement = Self.index().statement
        #expect(Self.run(Self.index()) == [statement])
        #expect(Self.run(Self.index(presentAs: "ix_sales")) == [])
        let lines = StatsView.indexes([Self.index(presentAs: "ix_sales")])
        #expect(lines.contains("-- " + statement) && lines.contains { $0.contains("there already as \"ix_sales\"") })
    }

    @Test
    func `what a failed run has left is dropped first, and an index that is being made is left alone`() {
        let failed = Self.index(isInvalid: true)
        #expect(Self.run(failed) == ["DROP INDEX CONCURRENTLY i;", failed.statement])
        #expect(Self.run(Self.index(isBeingMade: true)) == [])
        #expect(StatsView.indexes([Self.index(isBeingMade: true)]).contains { $0.contains("being made") })
    }
}
