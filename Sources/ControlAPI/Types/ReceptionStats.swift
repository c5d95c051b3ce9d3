/// Live reception statistics; the fields are those of `ReceptionStats` in the interface description.
package struct ReceptionStats: Codable, Sendable, Hashable {
    package var takenAt: String
    package var semantics: String
    package var timeZone: String
    package var enabled: Bool
    package var durationSeconds: Double
    package var ticketsOpen: Int64
    package var ticketsClosed24h: Int64
    package var itemsReceived: Int64?
    package var turnoverEur: Double
    package var donationsEur: Double
    package var weightInKg: Double
    package var weightOutKg: Double

    package init(
        takenAt: String,
        semantics: String,
        timeZone: String,
        enabled: Bool,
        durationSeconds: Double,
        ticketsOpen: Int64,
        ticketsClosed24h: Int64,
        itemsReceived: Int64? = nil,
        turnoverEur: Double,
        donationsEur: Double,
        weightInKg: Double,
        weightOutKg: Double
    ) {
        self.takenAt = takenAt
        self.semantics = semantics
        self.timeZone = timeZone
        self.enabled = enabled
        self.durationSeconds = durationSeconds
        self.ticketsOpen = ticketsOpen
        self.ticketsClosed24h = ticketsClosed24h
        self.itemsReceived = itemsReceived
        self.turnoverEur = turnoverEur
        self.donationsEur = donationsEur
        self.weightInKg = weightInKg
        self.weightOutKg = weightOutKg
    }
}
