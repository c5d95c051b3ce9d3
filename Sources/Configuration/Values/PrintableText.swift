/// Text from a file made fit for a terminal and a log: one line, no control characters.
enum PrintableText {
    /// With control characters, line separators and marks that turn the writing direction shown as `\u{…}`.
    static func of(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The beginning of a long text, so that a finding stays a line.
    static func excerpt(of text: String) -> String {
        text.count <= 80 ? text : text.prefix(80) + "…"
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
