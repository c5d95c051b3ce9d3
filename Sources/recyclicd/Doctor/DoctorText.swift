import ControlAPI

/// What `recyclicd doctor` prints: the same form as `recyclicctl doctor`, without colour.
enum DoctorText {
    static func lines(_ findings: [DoctorFinding]) -> [String] {
        let wrong = findings.count { $0.level == "critical" }
        let warnings = findings.count { $0.level == "warning" }
        let summary =
            wrong + warnings == 0
            ? "nothing is wrong"
            : "\(wrong) \(wrong == 1 ? "thing" : "things") wrong, \(warnings) \(warnings == 1 ? "warning" : "warnings")"
        return findings.flatMap(lines) + [summary]
    }

    private static func lines(_ finding: DoctorFinding) -> [String] {
        let mark =
            switch finding.level {
            case "ok": "ok      "
            case "warning": "warning "
            default: "WRONG   "
            }
        return ["\(mark)  \(finding.subject): \(finding.message)"]
            + finding.mend.flatMap { mend in
                ["          \(place(mend.where))"] + mend.lines.map { "            \($0)" }
            }
    }

    private static func place(_ word: String) -> String {
        switch word {
        case "debian": "on Debian:"
        case "compose": "with Docker Compose:"
        default: "to mend it:"
        }
    }
}
