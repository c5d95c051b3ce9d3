extension String {
    /// Fit for a terminal: on one line, with control characters and marks that turn the writing direction as `\\u{…}`. What
    /// servers, databases' names and people say may hold them, by accident or to deceive.
    var printable: String {
        guard unicodeScalars.contains(where: Self.isHarmful) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": if !result.hasSuffix(" ") { result += " " }
            case _ where Self.isHarmful(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Joiners and the like belong to words and pictures; these turn the direction of what follows.
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
