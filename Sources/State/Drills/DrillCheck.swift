/// One check of a drill.
package struct DrillCheck: Sendable, Hashable, Codable {
    /// What was checked.
    package var name: String
    /// What came out.
    package var verdict: DrillVerdict
    /// What was seen, in words.
    package var message: String?

    package init(name: String, verdict: DrillVerdict, message: String? = nil) {
        self.name = name
        self.verdict = verdict
        self.message = message
    }
}
