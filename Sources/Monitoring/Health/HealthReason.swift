package import FoundationEssentials

/// One thing that is wrong.
package struct HealthReason: Sendable, Hashable, Codable {
    /// What is wrong.
    package let fact: HealthFact
    /// How bad it is; never `ok`.
    package let level: HealthLevel
    /// Since when, where that is known.
    package let since: Date?
    /// Whether somebody is told once and not again: what is so by the daemon's nature and not by a fault, or what an
    /// operator acknowledged.
    package let isToldOnce: Bool

    package init(_ fact: HealthFact, _ level: HealthLevel, since: Date? = nil, isToldOnce: Bool = false) {
        self.fact = fact
        self.level = level
        self.since = since
        self.isToldOnce = isToldOnce
    }

    /// The stable word for it.
    package var code: HealthReasonCode { fact.code }
    /// What is wrong, since when, and what it means, in English.
    package var message: String { text.message }
    /// What to run or do next, in English.
    package var hint: String { text.next }

    private var text: HealthText { EnglishHealthCatalogue().text(fact) }
}
