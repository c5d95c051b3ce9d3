extension JSONValue: CustomStringConvertible {
    /// The value as one line of JSON, member names sorted, so equal values give equal bytes.
    package var serialized: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, indentation: nil)
        return bytes
    }

    /// The value as one line of JSON, member names sorted.
    package var description: String { String(decoding: serialized, as: UTF8.self) }

    /// The value as JSON for people: two spaces a level, member names sorted, no line feed at the end.
    package var prettyDescription: String {
        var bytes: [UInt8] = []
        append(to: &bytes, indentation: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the JSON text to `bytes`; `indentation` is the level for pretty printing, `nil` for one line.
    func append(to bytes: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value):
            // JSON has no infinity and no not-a-number; such values can only be made by hand, not by the coders.
            bytes.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
        case .string(let value): Self.append(value, to: &bytes)
        case .array(let elements):
            Self.append(elements, open: "[", close: "]", to: &bytes, indentation: indentation) {
                element,
                bytes,
                inner in
                element.append(to: &bytes, indentation: inner)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            Self.append(sorted, open: "{", close: "}", to: &bytes, indentation: indentation) { member, bytes, inner in
                Self.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if inner != nil { bytes.append(UInt8(ascii: " ")) }
                member.value.append(to: &bytes, indentation: inner)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item],
        open: Unicode.Scalar,
        close: Unicode.Scalar,
        to bytes: inout [UInt8],
        indentation: Int?,
        item: (Item, inout [UInt8], Int?) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        let inner = indentation.map { $0 + 1 }
        for (index, element) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            lineFeed(inner, to: &bytes)
            item(element, &bytes, inner)
        }
        if !items.isEmpty { lineFeed(indentation, to: &bytes) }
        bytes.append(UInt8(ascii: close))
    }

    private static func lineFeed(_ indentation: Int?, to bytes: inout [UInt8]) {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indentation))
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
