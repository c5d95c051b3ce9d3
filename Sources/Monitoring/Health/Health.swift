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

    /// Figures are taken every minute; older ones than this say nothing about now. In seconds.
    package static let staleSeconds = 300.0

    /// What can be said when nothing was measured for so long, in seconds.
    ///
    /// - Parameter last: What the last figures say; it may hold still, and anything else may be wrong by now.
    package static func unmeasured(forSeconds age: Double, last: HealthReport = HealthReport(reasons: []))
        -> HealthReport
    {
        guard age > staleSeconds else { return last }
        return HealthReport(
            reasons: [HealthReason(.stale(ageSeconds: age), .critical)] + last.reasons,
            unjudged: Set(HealthReasonCode.allCases).subtracting([.stale])
        )
    }
}
