/// One line of a postgresql.conf or postgresql.auto.conf, as far as rewriting needs it.
struct ConfigurationLine: Equatable {
    /// The setting's name in lower case; `nil` for an empty line, a comment or what the server would refuse.
    let name: String?
    /// The value without quotes, with `''` and `\'` undone; `nil` without a name.
    let value: String?
    /// The line as it was.
    let text: String

    /// Reads `name = value # comment`, where `=` is optional (src/backend/utils/misc/guc-file.l).
    init(_ text: String) {
        self.text = text
        var rest = Substring(text).drop { $0 == " " || $0 == "\t" }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "$" }
        guard let first = name.first, first.isLetter || first == "_" else {
            self.name = nil
            value = nil
            return
        }
        rest = rest.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }
        if rest.first == "=" { rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" } }
        self.name = name.lowercased()
        value = rest.first == "'" ? Self.unquoted(rest.dropFirst()) : String(rest.prefix { !" \t#\r".contains($0) })
    }

    private static func unquoted(_ text: Substring) -> String {
        var value = ""
        var characters = text.makeIterator()
        var pending = characters.next()
        while let character = pending {
            pending = characters.next()
            if character == "'" {
                guard pending == "'" else { return value }
                value.append("'")
                pending = characters.next()
            } else if character == "\\", let escaped = pending {
                value.append(escaped)
                pending = characters.next()
            } else {
                value.append(character)
            }
        }
        return value
    }

    /// A line that sets `name` to `value`.
    static func setting(_ name: String, _ value: String) -> String {
        let escaped = value.flatMap { $0 == "'" ? ["'", "'"] : $0 == "\\" ? ["\\", "\\"] : [$0] }
        return "\(name) = '\(String(escaped))'"
    }
}
