import ControlAPI

/// How a retention plan is shown.
enum RetentionView {
    static func lines(policy: String, decisions: [RetentionDecision]) -> [String] {
        var table = Table([("BACKUP", .left), ("DECISION", .left), ("WHY", .left)])
        for decision in decisions {
            table.add([decision.backup, decision.keep ? "keep" : "remove", decision.reasons.joined(separator: "; ")])
        }
        let removed = decisions.filter { !$0.keep }.count
        let summary = "policy \(policy): keep \(decisions.count - removed), remove \(removed)"
        return decisions.isEmpty ? ["\(summary) (no backups yet)"] : table.lines + [summary]
    }
}
