/// Text in lines of at most 76 printable ASCII characters (RFC 2045, 6.7).
enum QuotedPrintable {
    private static let lineLength = 76

    /// The lines, without line ends.
    static func lines(of text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { encoded(String($0)) }
    }

    private static func encoded(_ line: String) -> [String] {
        var lines: [String] = []
        var current = ""
        let scalars = Array(line.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let isLast = index == scalars.count - 1
            let unit = encoded(scalar, isLast: isLast, isFirst: current.isEmpty)
            // One place is kept for the "=" that says that the line goes on.
            if current.utf8.count + unit.utf8.count > lineLength - (isLast ? 0 : 1) {
                lines.append(current + "=")
                current = encoded(scalar, isLast: isLast, isFirst: true)
            } else {
                current += unit
            }
        }
        return lines + [current]
    }

    /// A scalar's bytes, which stay together. White space at the end of a line would be lost on the way, and a period at
    /// the beginning of one means something to mail servers.
    private static func encoded(_ scalar: Unicode.Scalar, isLast: Bool, isFirst: Bool) -> String {
        switch scalar {
        case " ", "\t": if !isLast { return String(Character(scalar)) }
        case "=": break
        case ".": if !isFirst { return "." }
        case "!"..."~": return String(Character(scalar))
        default: break
        }
        return String(Character(scalar)).utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count < 2 ? "=0\(digits)" : "=\(digits)"
        }.joined()
    }
}
