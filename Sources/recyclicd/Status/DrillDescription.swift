import ControlAPI
import FoundationEssentials
import PostgresClient
import Protection
import Repository

/// The report of a drill as the control interface gives it.
enum DrillDescription {
    /// - Parameters:
    ///   - result: What the drill found.
    ///   - number: Its number; shown as `d3`.
    ///   - started: When it began.
    static func describe(_ result: DrillResult, number: Int64, started: Date) -> DrillReport {
        DrillReport(
            id: "d\(number)",
            backup: result.backup.description,
            verdict: result.verdict.rawValue,
            startedAt: TimeFormat.text(started),
            durationSeconds: result.seconds,
            recoverySeconds: result.recoverySeconds,
            reasons: result.reasons + result.hints,
            phases: result.phases.map { Phase(name: $0.name.rawValue, durationSeconds: $0.seconds) },
            checks: result.checks.map { Check(name: $0.name, state: $0.state.rawValue, detail: $0.detail) },
            recoveredLSN: result.recoveredLSN?.description,
            promisedLSN: result.promisedLSN?.description,
            tables: Int64(result.tables),
            rows: result.rows,
            checkedBytes: result.checkedBytes
        )
    }
}
