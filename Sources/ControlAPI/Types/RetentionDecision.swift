/// What retention does with one backup, and why; the fields are those of `RetentionDecision` in the interface description.
package struct RetentionDecision: Codable, Sendable, Hashable {
    package var backup: String
    package var keep: Bool
    package var reasons: [String]

    package init(backup: String, keep: Bool, reasons: [String]) {
        self.backup = backup
        self.keep = keep
        self.reasons = reasons
    }
}
