package import FoundationEssentials

/// The rules by which measurements become a judgement. Pure: the same input gives the same report.
package enum Health {
    /// Judges.
    ///
    /// - Parameters:
    ///   - measurements: What is known.
    ///   - thresholds: Where "fine" ends.
    ///   - now: The time; ages before it count as 0.
    package static func evaluate(
        _ measurements: HealthMeasurements,
        thresholds: HealthThresholds = HealthThresholds(),
        now: Date
    ) -> HealthReport {
        let rules = HealthRules(measurements: measurements, thresholds: thresholds, now: now)
        return HealthReport(
            reasons: rules.backups() + rules.proofs() + rules.surroundings(),
            unjudged: rules.unjudged()
        )
    }
}
