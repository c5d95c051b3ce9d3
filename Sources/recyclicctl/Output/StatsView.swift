import ControlAPI

/// How live reception statistics are shown.
enum StatsView {
    /// One figure: what it is called, its value in its smallest unit, and how that is written.
    private struct Line {
        let name: String
        let value: Int64
        let decimals: Int
        let unit: String

        /// The value with its unit, with a sign where asked.
        func text(_ value: Int64, isChange: Bool = false) -> String {
            let digits = String(value.magnitude)
            let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
            let whole = SizeText.grouped(Int64(padded.dropLast(decimals)) ?? 0)
            let fraction = decimals > 0 ? "." + padded.suffix(decimals) : ""
            let sign = value < 0 ? "-" : isChange ? "+" : ""
            return sign + whole + fraction + (unit.isEmpty ? "" : " " + unit)
        }
    }

    /// The lines.
    ///
    /// - Parameter previous: The figures before, whose differences are shown.
    static func lines(_ stats: ReceptionStats, since previous: ReceptionStats? = nil) -> [String] {
        let heading = "reception at \(TimeText.localToTheSecond(stats.takenAt)), \(description(of: stats.semantics)):"
        guard stats.enabled else {
            return ["live reception statistics are switched off (LIVE_RECEPTION_STATS_ENABLED)"]
        }
        let now = figures(stats)
        let before = previous.map { figures($0) }
        let texts = now.map { $0.text($0.value) }
        let width = texts.map(\.count).max() ?? 0
        let rows = zip(now, texts).map { line, text in
            let padding = String(repeating: " ", count: width - text.count)
            let old = before?.first { $0.name == line.name }?.value
            let change = old.flatMap { $0 == line.value ? nil : "  (\(line.text(line.value - $0, isChange: true)))" }
            let name = line.name + String(repeating: " ", count: max(1, 24 - line.name.count))
            return "  \(name)\(padding)\(text)\(change ?? "")"
        }
        return [heading] + rows
    }

    /// The indexes as SQL with comments.
    static func indexes(_ indexes: [ReceptionIndex]) -> [String] {
        let head = [
            "-- Indexes for live reception statistics. Each is made while the application goes on working; run them one by one,",
            "-- outside a transaction, as the tables' owner. DROP INDEX CONCURRENTLY takes one away again.",
        ]
        return head
            + indexes.flatMap { index in
                let size = SizeText.size(index.sizeBytes)
                let state =
                    index.presentAs.map { "there already as \"\($0)\", \(size)" }
                    ?? "about \(size) by the table's size"
                let isNeeded = index.presentAs == nil && !index.isBeingMade
                return [
                    "", "-- \(index.table): \(index.purpose).", "-- Costs \(state); when writing, \(index.writeCost).",
                ] + (index.isBeingMade ? ["-- It is being made just now."] : []) + leftover(index) + [
                    (isNeeded ? "" : "-- ") + index.statement
                ]
            }
    }

    private static func leftover(_ index: ReceptionIndex) -> [String] {
        guard let statement = index.dropStatement else { return [] }
        return ["-- A run that failed has left an index of this name: it costs as much and is not used.", statement]
    }

    private static func figures(_ stats: ReceptionStats) -> [Line] {
        let items = stats.itemsReceived.map { [Line(name: "items received", value: $0, decimals: 0, unit: "")] } ?? []
        return [
            Line(name: "tickets open", value: stats.ticketsOpen, decimals: 0, unit: ""),
            Line(name: "tickets closed in 24 h", value: stats.ticketsClosed24h, decimals: 0, unit: ""),
        ] + items + [
            Line(name: "turnover", value: units(stats.turnoverEur, 100), decimals: 2, unit: "EUR"),
            Line(name: "donations", value: units(stats.donationsEur, 100), decimals: 2, unit: "EUR"),
            Line(name: "weight in", value: units(stats.weightInKg, 1000), decimals: 3, unit: "kg"),
            Line(name: "weight out", value: units(stats.weightOutKg, 1000), decimals: 3, unit: "kg"),
        ]
    }

    private static func units(_ value: Double, _ scale: Double) -> Int64 {
        Int64(exactly: (value * scale).rounded()) ?? 0
    }

    private static func description(of semantics: String) -> String {
        switch semantics {
        case "rolling-24h": "the last 24 hours"
        case "opened-today": "posts and tills opened today"
        case "opened-today-with-exits": "posts and tills opened today, exits as going out"
        default: semantics
        }
    }
}
