/// Names of databases with commas between, as in `recyclic, "accounts, old"`: a name stands in quotation marks when it holds a
/// comma, a quotation mark (written twice then), or white space at an end.
package enum DatabaseNames {
    /// The longest name that PostgreSQL has, in bytes (NAMEDATALEN - 1).
    private static let longest = 63
    /// What ``parse(_:)`` accepts, in words.
    package static let grammar = #"names of databases with commas between, in "quotation marks" where they hold commas"#

    /// Reads the names; `nil` for anything else. No name comes twice.
    package static func parse(_ text: String) -> [String]? {
        var names: [String] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let name = rest.first == "\"" ? quoted(&rest) : plain(&rest), isName(name) else { return nil }
            if !names.contains(name) { names.append(name) }
            rest = rest.drop(while: \.isWhitespace)
            guard let comma = rest.popFirst() else { return names }
            guard comma == "," else { return nil }
        }
    }

    /// As ``parse(_:)`` reads it back.
    package static func text(_ names: [String]) -> String {
        names.map { name in
            let isPlain =
                !name.contains { $0 == "," || $0 == "\"" } && name.first?.isWhitespace != true
                && name.last?.isWhitespace != true
            return isPlain ? name : "\"\(name.replacing("\"", with: "\"\""))\""
        }.joined(separator: ", ")
    }

    private static func plain(_ rest: inout Substring) -> String? {
        let name = rest.prefix { $0 != "," }
        guard !name.contains("\"") else { return nil }
        rest = rest[name.endIndex...]
        return String(name).trimmingWhitespace()
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        rest.removeFirst()
        var name = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                name.append(character)
            } else if rest.first == "\"" {
                name.append("\"")
                rest.removeFirst()
            } else {
                return name
            }
        }
        return nil
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longest
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
