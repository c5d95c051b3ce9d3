/// libpq's text about a failed connection, taken apart.
struct ConnectFailureText: Equatable {
    /// The server's code, when the server refused.
    let sqlState: String?
    /// The text on one line, without code, severity and source location.
    let message: String

    /// - Parameter libpqMessage: What `PQerrorMessage` gives with `PQERRORS_VERBOSE`. When several addresses were tried
    ///   it holds a line for each; the last one with a SQLSTATE counts, since a server said it.
    init(_ libpqMessage: String) {
        var sqlState: String?
        var lines: [String] = []
        for line in libpqMessage.split(whereSeparator: \.isNewline) {
            var line = String(line)
            if line.hasPrefix("LOCATION:") { continue }
            if let found = Self.serverCode(in: line) {
                sqlState = found.code
                // What other addresses gave is noise next to a server's own answer.
                lines = []
                line.removeSubrange(found.range)
            }
            let trimmed = line.drop { $0.isWhitespace }
            if !trimmed.isEmpty { lines.append(String(trimmed)) }
        }
        self.sqlState = sqlState
        message = lines.joined(separator: "; ")
    }

    /// Finds `FATAL:  28P01: ` (any severity in any language) and gives the part to leave out.
    private static func serverCode(in line: String) -> (code: String, range: Range<String.Index>)? {
        var from = line.startIndex
        while let separator = line[from...].firstRange(of: ":  ") {
            let code = line[separator.upperBound...].prefix(5)
            let after = line[separator.upperBound...].dropFirst(5)
            let isCode =
                code.utf8.count == 5
                && code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
            if isCode, after.hasPrefix(": ") {
                let severity =
                    line[..<separator.lowerBound].lastIndex(of: " ").map(line.index(after:)) ?? line.startIndex
                return (String(code), severity..<line.index(after.startIndex, offsetBy: 2))
            }
            from = separator.upperBound
        }
        return nil
    }
}
