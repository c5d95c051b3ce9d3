/// Whether a backup stays, and why.
package struct RetentionDecision: Sendable, Hashable {
    /// The backup's id.
    package let backupID: String
    /// Whether it stays.
    package let keep: Bool
    /// Why; at least one reason, the weightiest first.
    package let reasons: [RetentionReason]

    /// In words: `kept: daily 2026-11-21, newest restorable` or `removed: older than 7 daily, 4 weekly and 12 monthly`.
    package var text: String {
        "\(keep ? "kept" : "removed"): \(reasons.map(\.text).joined(separator: ", "))"
    }
}
