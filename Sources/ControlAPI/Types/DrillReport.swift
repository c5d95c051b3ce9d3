/// What a drill found; the fields are those of `DrillReport` in the interface description.
package struct DrillReport: Codable, Sendable, Hashable {
    package var id: String
    package var backup: String
    package var verdict: String
    package var startedAt: String
    package var durationSeconds: Double
    package var recoverySeconds: Double?
    package var reasons: [String]
    package var phases: [Phase]
    package var checks: [Check]
    package var recoveredLSN: String?
    package var promisedLSN: String?
    package var tables: Int64?
    package var rows: Int64?
    package var checkedBytes: Int64?

    package init(
        id: String,
        backup: String,
        verdict: String,
        startedAt: String,
        durationSeconds: Double,
        recoverySeconds: Double? = nil,
        reasons: [String],
        phases: [Phase],
        checks: [Check],
        recoveredLSN: String? = nil,
        promisedLSN: String? = nil,
        tables: Int64? = nil,
        rows: Int64? = nil,
        checkedBytes: Int64? = nil
    ) {
        self.id = id
        self.backup = backup
        self.verdict = verdict
        self.startedAt = startedAt
        self.durationSeconds = durationSeconds
        self.recoverySeconds = recoverySeconds
        self.reasons = reasons
        self.phases = phases
        self.checks = checks
        self.recoveredLSN = recoveredLSN
        self.promisedLSN = promisedLSN
        self.tables = tables
        self.rows = rows
        self.checkedBytes = checkedBytes
    }
}
