extension InterfaceDescription: CustomStringConvertible {
    /// The canonical text, which reads back as an equal description: two spaces a level, one blank line between members,
    /// parentheses on one line where they fit in 80 columns and hold no comments. Ends in a line feed.
    package var description: String {
        var printer = IDLPrinter()
        printer.comment(documentation, indentation: 0)
        printer.text += "interface \(name)\n"
        for member in members {
            printer.text += "\n"
            printer.comment(member.documentation, indentation: 0)
            switch member.kind {
            case .type(let type):
                printer.text += "type \(member.name) "
                printer.type(type, indentation: 0, reserve: 0)
            case .method(let input, let output):
                printer.text += "method \(member.name)"
                printer.type(.structure(input), indentation: 0, reserve: 5)
                printer.text += " -> "
                printer.type(.structure(output), indentation: 0, reserve: 0)
            case .error(let fields):
                printer.text += "error \(member.name) "
                printer.type(.structure(fields), indentation: 0, reserve: 0)
            }
            printer.text += "\n"
        }
        return printer.text
    }
}

/// Writes types, breaking lines where they get long.
private struct IDLPrinter {
    private static let width = 80

    var text = ""

    mutating func comment(_ lines: [String], indentation: Int) {
        for line in lines {
            text += String(repeating: "  ", count: indentation) + (line.isEmpty ? "#\n" : "# \(line)\n")
        }
    }

    private var column: Int {
        guard let lineFeed = text.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return text.utf8.count }
        return text.utf8.distance(from: lineFeed, to: text.utf8.endIndex) - 1
    }

    /// `reserve` is the room needed behind the type on its line.
    mutating func type(_ type: InterfaceDescription.FieldType, indentation: Int, reserve: Int) {
        if let line = Self.oneLine(type), column + line.utf8.count + reserve <= Self.width {
            text += line
            return
        }
        switch type {
        case .bool, .int, .float, .string, .object, .any, .named: text += Self.oneLine(type) ?? ""
        case .nullable(let inner): prefixed("?", inner, indentation, reserve)
        case .array(let inner): prefixed("[]", inner, indentation, reserve)
        case .map(let inner): prefixed("[string]", inner, indentation, reserve)
        case .structure(let fields):
            lines(fields, indentation: indentation) { printer, field in
                printer.comment(field.documentation, indentation: indentation + 1)
                printer.text += String(repeating: "  ", count: indentation + 1) + "\(field.name): "
                printer.type(field.type, indentation: indentation + 1, reserve: 1)
            }
        case .enumeration(let cases):
            lines(cases, indentation: indentation) { printer, value in
                printer.comment(value.documentation, indentation: indentation + 1)
                printer.text += String(repeating: "  ", count: indentation + 1) + value.name
            }
        }
    }

    private mutating func prefixed(
        _ prefix: String,
        _ inner: InterfaceDescription.FieldType,
        _ indentation: Int,
        _ reserve: Int
    ) {
        text += prefix
        type(inner, indentation: indentation, reserve: reserve)
    }

    private mutating func lines<Item>(_ items: [Item], indentation: Int, line: (inout IDLPrinter, Item) -> Void) {
        guard !items.isEmpty else {
            text += "()"
            return
        }
        text += "(\n"
        for (index, item) in items.enumerated() {
            line(&self, item)
            text += index < items.count - 1 ? ",\n" : "\n"
        }
        text += String(repeating: "  ", count: indentation) + ")"
    }

    /// The type on one line; `nil` when comments in it need lines of their own.
    private static func oneLine(_ type: InterfaceDescription.FieldType) -> String? {
        switch type {
        case .bool: return "bool"
        case .int: return "int"
        case .float: return "float"
        case .string: return "string"
        case .object: return "object"
        case .any: return "any"
        case .named(let name): return name
        case .nullable(let inner): return oneLine(inner).map { "?" + $0 }
        case .array(let inner): return oneLine(inner).map { "[]" + $0 }
        case .map(let inner): return oneLine(inner).map { "[string]" + $0 }
        case .structure(let fields):
            var parts: [String] = []
            for field in fields {
                guard field.documentation.isEmpty, let type = oneLine(field.type) else { return nil }
                parts.append("\(field.name): \(type)")
            }
            return "(" + parts.joined(separator: ", ") + ")"
        case .enumeration(let cases):
            guard cases.allSatisfy(\.documentation.isEmpty) else { return nil }
            return "(" + cases.map(\.name).joined(separator: ", ") + ")"
        }
    }
}
