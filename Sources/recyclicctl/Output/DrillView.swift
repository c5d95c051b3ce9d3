import ControlAPI

/// How the report of a drill is shown.
enum DrillView {
    /// A verdict in words.
    static func verdictText(_ verdict: String) -> String {
        switch verdict {
        case "passed": "passed"
        case "failed": "FAILED"
        default: "cannot judge"
        }
    }

    static func lines(_ report: DrillReport, terminal: Terminal) -> [String] {
        let style: Terminal.Style =
            switch report.verdict {
            case "passed": .good
            case "failed": .bad
            default: .caution
            }
        var lines = [
            "drill \(report.id) of \(report.backup): \(terminal.styled(verdictText(report.verdict), style)) "
                + "in \(TimeText.duration(report.durationSeconds))"
        ]
        lines += report.reasons.map { "  \($0)" }
        if let recovery = report.recoverySeconds {
            lines.append("  time to a running server: \(TimeText.duration(recovery))")
        }
        let phases = report.phases.map { "\($0.name) \(TimeText.duration($0.durationSeconds))" }
        if !phases.isEmpty { lines.append("  phases: \(phases.joined(separator: ", "))") }
        if let recovered = report.recoveredLSN {
            lines.append("  recovered to \(recovered)" + (report.promisedLSN.map { ", promised \($0)" } ?? ""))
        }
        if let tables = report.tables {
            let rows = report.rows.map { ", \(SizeText.count($0, "row"))" } ?? ""
            lines.append("  read \(SizeText.count(tables, "table"))\(rows)")
        }
        for check in report.checks {
            let mark =
                switch check.state {
                case "passed": "good        "
                case "failed": terminal.styled("FAILED", .bad) + "      "
                case "notProtected": "not covered "
                default: terminal.styled("cannot judge", .caution)
                }
            lines.append("  \(mark)  \(check.name)" + (check.detail.map { ": \($0)" } ?? ""))
        }
        return lines
    }
}
