/// Takes a script of pg_dumpall apart into its statements.
enum SQLStatements {
    /// The statements, without comments, psql's own commands and the final semicolons.
    ///
    /// - Parameter script: What `pg_dumpall --globals-only` writes: strings in `'…'` and `E'…'`, names in `"…"`, comments after
    ///   `--`, commands of psql after `\` at a line's beginning.
    static func split(_ script: String) -> [String] {
        var statements: [String] = []
        var current: [UInt8] = []
        var bytes = Array(script.utf8)[...]
        var isLineStart = true

        func finish() {
            let text = String(decoding: current, as: UTF8.self)
            let content = text.drop(while: \.isWhitespace)
            if !content.isEmpty { statements.append(String(content)) }
            current = []
        }
        while let byte = bytes.first {
            if byte == UInt8(ascii: "-"), bytes.dropFirst().first == UInt8(ascii: "-") {
                bytes = bytes.drop { $0 != UInt8(ascii: "\n") }
            } else if byte == UInt8(ascii: "\\"), isLineStart {
                bytes = bytes.drop { $0 != UInt8(ascii: "\n") }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                let isEscaped = byte == UInt8(ascii: "'") && isEscapeString(current)
                let length = quotedLength(bytes, isEscaped: isEscaped)
                current += bytes.prefix(length)
                bytes = bytes.dropFirst(length)
                isLineStart = false
            } else if byte == UInt8(ascii: ";") {
                finish()
                bytes = bytes.dropFirst()
            } else {
                current.append(byte)
                isLineStart = byte == UInt8(ascii: "\n")
                bytes = bytes.dropFirst()
            }
        }
        finish()
        return statements
    }

    /// Whether what comes next is the string of an `E'…'`: an `E` that no name ends in.
    private static func isEscapeString(_ before: [UInt8]) -> Bool {
        guard let last = before.last, last | 0x20 == UInt8(ascii: "e") else { return false }
        guard before.count > 1 else { return true }
        let previous = before[before.count - 2]
        let isWord = (0x30...0x39).contains(previous) || (0x41...0x5a).contains(previous & 0xdf) || previous == 0x5f
        return !isWord && previous < 0x80
    }

    /// The length of a quoted thing, its two quotation marks included; doubled ones belong to it.
    private static func quotedLength(_ bytes: ArraySlice<UInt8>, isEscaped: Bool) -> Int {
        guard let quote = bytes.first else { return 0 }
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            if isEscaped, bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] == quote {
                guard index + 1 < bytes.endIndex, bytes[index + 1] == quote else { return index + 1 - bytes.startIndex }
                index += 2
            } else {
                index += 1
            }
        }
        return bytes.count
    }
}
