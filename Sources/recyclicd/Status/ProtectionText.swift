import Protection

/// What the protection is that results, in plain words. Pure.
enum ProtectionText {
    /// - Parameters:
    ///   - decision: What protects.
    ///   - databases: The databases that dumps are taken of; `nil` when that is not known yet.
    ///   - leftOut: What no dump could be taken of, with the reasons.
    ///   - holdsPasswords: Whether the newest dump holds the passwords of roles; `nil` without one.
    static func text(
        _ decision: BackupMethodDecision,
        databases: [String]?,
        leftOut: [String] = [],
        holdsPasswords: Bool?
    ) -> String {
        guard decision.method == .dump else {
            return "base backups: the whole server, as of the end of the last one"
        }
        let names = databases.map { $0.map { "\"\($0)\"" }.joined(separator: ", ") } ?? "each database"
        var text =
            "dumps: only \(names), each as of its own last dump; what was written since would be lost, and there is no other "
            + "point in time to go back to"
        if !leftOut.isEmpty { text += ". Not protected: \(leftOut.joined(separator: "; "))" }
        if holdsPasswords == false { text += ". Roles come back without passwords" }
        if let reason = decision.reason { text += ". Base backups are not possible: \(reason)" }
        return text
    }
}
