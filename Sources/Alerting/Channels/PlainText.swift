/// Texts of others made fit for a line.
enum PlainText {
    /// On one line, without characters that a terminal or a mail header acts on, and at most `limit` characters long.
    static func line(_ text: String, limit: Int = .max) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: result.append(" ")
            default: result.unicodeScalars.append(scalar)
            }
        }
        let words = result.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return words.count <= limit ? words : words.prefix(limit - 1) + "…"
    }
}
