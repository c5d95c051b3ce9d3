package import PostgresClient
package import Repository

/// What a drill found.
package struct DrillResult: Sendable, Hashable {
    /// The backup.
    package var backup: BackupID
    /// The verdict.
    package var verdict: DrillVerdict
    /// Why, a sentence each; empty when it passed without a remark.
    package var reasons: [String]
    /// What to do about it, where something can be done: commands or sentences.
    package var hints: [String]
    /// How long each step took.
    package var phases: [DrillPhase]
    /// What was looked at.
    package var checks: [DrillCheck]
    /// Tables and materialised views that were read to the end.
    package var tables: Int
    /// Rows that were read.
    package var rows: Int64
    /// Bytes of rows, as text, that were read.
    package var checkedBytes: Int64
    /// Where the recovered server opened.
    package var recoveredLSN: LSN?
    /// Where the backup promised it would.
    package var promisedLSN: LSN?
    /// How long the whole drill took, in seconds.
    package var seconds: Double

    package init(backup: BackupID) {
        self.backup = backup
        verdict = .cannotJudge
        reasons = []
        hints = []
        phases = []
        checks = []
        tables = 0
        rows = 0
        checkedBytes = 0
        recoveredLSN = nil
        promisedLSN = nil
        seconds = 0
    }

    /// From the beginning to a server that takes connections, and has the database of a dump, in seconds: the time a real restore would take here.
    /// `nil` when it did not come so far.
    package var recoverySeconds: Double? {
        guard phases.contains(where: { $0.name == .replay || $0.name == .load }) else { return nil }
        return phases.filter { DrillPhase.recovering.contains($0.name) }.map(\.seconds).reduce(0, +)
    }

    /// Draws the verdict from the checks: one that failed decides; then an essential one that could not be made; then it
    /// passed. Other checks that could not be made are remarks.
    package mutating func conclude() {
        let failed = checks.filter { $0.state == .failed }
        let unjudged = checks.filter { $0.state == .cannotJudge }
        reasons += (failed + unjudged).map { check in check.detail.map { "\(check.name): \($0)" } ?? check.name }
        if !failed.isEmpty {
            verdict = .failed
        } else if unjudged.contains(where: \.isEssential) || checks.isEmpty {
            verdict = .cannotJudge
        } else {
            verdict = .passed
        }
    }

    /// The figures that the repository keeps as proof.
    package var proof: [String: JSONValue] {
        var details: [String: JSONValue] = [
            "verdict": .string(verdict.rawValue),
            "durationSeconds": .number(seconds),
            "tables": .integer(Int64(tables)),
            "rows": .integer(rows),
            "checkedBytes": .integer(checkedBytes),
        ]
        if let recoverySeconds { details["recoverySeconds"] = .number(recoverySeconds) }
        if let recoveredLSN { details["recoveredLSN"] = .string(recoveredLSN.description) }
        return details
    }
}
