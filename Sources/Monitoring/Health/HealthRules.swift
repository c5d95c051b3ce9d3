import FoundationEssentials

/// The rules' common ground: what is known, and how old it is.
struct HealthRules {
    let measurements: HealthMeasurements
    let thresholds: HealthThresholds
    let now: Date

    /// A clock may be off by this much without contradicting the backups.
    static let clockToleranceSeconds = 300.0

    func age(_ date: Date) -> Double {
        max(0, now.timeIntervalSince(date))
    }
}
