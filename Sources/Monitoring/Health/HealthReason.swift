package import FoundationEssentials

/// One thing that is wrong.
package struct HealthReason: Sendable, Hashable {
    /// The stable word for it.
    package let code: HealthReasonCode
    /// How bad it is; never `ok`.
    package let level: HealthLevel
    /// What is wrong, since when, and what it means.
    package let message: String
    /// Since when, where that is known.
    package let since: Date?
    /// What to run or do next.
    package let hint: String
    /// Whether somebody is told once and not again: what is so by the daemon's nature and not by a fault, or what an
    /// operator acknowledged.
    package let isToldOnce: Bool

    package init(
        _ code: HealthReasonCode,
        _ level: HealthLevel,
        _ message: String,
        since: Date? = nil,
        hint: String,
        isToldOnce: Bool = false
    ) {
        self.code = code
        self.level = level
        self.message = message
        self.since = since
        self.hint = hint
        self.isToldOnce = isToldOnce
    }
}
