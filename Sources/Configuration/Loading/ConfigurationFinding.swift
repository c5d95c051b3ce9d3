/// Something the operator should know about the configuration: what was found where, and what is accepted.
///
/// Messages never hold a secret's value.
package struct ConfigurationFinding: Sendable, Hashable, Codable {
    /// How much it matters.
    package enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// The daemon does not start with it, and a reload keeps the old settings.
        case error
        /// Probably not what was meant; the settings hold.
        case warning
        /// Worth knowing.
        case note
    }

    package let severity: Severity
    /// Path of the file it is in; `nil` for the process environment and for the configuration as a whole.
    package let file: String?
    /// Line in `file`, from 1.
    package let line: Int?
    /// Lowercase, no full stop, names in quotes.
    package let message: String
    /// What to do about it: a sentence, or empty when the message says all.
    package let hint: String

    package init(_ severity: Severity, file: String? = nil, line: Int? = nil, message: String, hint: String = "") {
        self.severity = severity
        self.file = file
        self.line = line
        self.message = PrintableText.of(message)
        self.hint = PrintableText.of(hint)
    }

    /// `FILE:LINE: error: MESSAGE`, as compilers write it, without the hint.
    package var summary: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return "\(place)\(severity.rawValue): \(message)"
    }
}
