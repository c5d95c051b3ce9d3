import ControlAPI

/// How the findings of `doctor` are shown.
enum DoctorView {
    static func lines(_ findings: [DoctorFinding], terminal: Terminal) -> [String] {
        var lines: [String] = []
        for finding in findings {
            let mark =
                switch finding.level {
                case "ok": terminal.styled("ok      ", .good)
                case "warning": terminal.styled("warning ", .caution)
                default: terminal.styled("WRONG   ", .bad)
                }
            lines.append("\(mark)  \(finding.subject): \(finding.message)")
            for mend in finding.mend {
                let place =
                    switch mend.where {
                    case "debian": "on Debian:"
                    case "compose": "with Docker Compose:"
                    default: "to mend it:"
                    }
                lines.append("          \(place)")
                lines += mend.lines.map { "            \($0)" }
            }
        }
        let wrong = findings.filter { $0.level == "critical" }.count
        let warnings = findings.filter { $0.level == "warning" }.count
        lines.append(
            wrong + warnings == 0
                ? "nothing is wrong"
                : "\(SizeText.count(Int64(wrong), "thing")) wrong, \(SizeText.count(Int64(warnings), "warning"))"
        )
        return lines
    }
}
