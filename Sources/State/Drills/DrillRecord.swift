package import FoundationEssentials

/// A drill that came to its end.
package struct DrillRecord: Sendable, Hashable {
    /// Its number, given when it is recorded; 0 before.
    package var id: Int64
    /// The job that made it.
    package var jobID: JobID?
    /// The backup that was restored.
    package var backupID: String
    /// When it began.
    package var startedAt: Date
    /// When it ended.
    package var finishedAt: Date
    /// What it says.
    package var verdict: DrillVerdict
    /// Why, for a verdict other than `passed`.
    package var reason: String?
    /// Its parts, in order.
    package var phases: [DrillPhase]
    /// Its checks, in order.
    package var checks: [DrillCheck]
    /// When an operator said that they know of the verdict.
    package var acknowledgedAt: Date?

    package init(
        id: Int64 = 0,
        jobID: JobID? = nil,
        backupID: String,
        startedAt: Date,
        finishedAt: Date,
        verdict: DrillVerdict,
        reason: String? = nil,
        phases: [DrillPhase] = [],
        checks: [DrillCheck] = [],
        acknowledgedAt: Date? = nil
    ) {
        self.id = id
        self.jobID = jobID
        self.backupID = backupID
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.verdict = verdict
        self.reason = reason
        self.phases = phases
        self.checks = checks
        self.acknowledgedAt = acknowledgedAt
    }
}
