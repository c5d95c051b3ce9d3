/// One JSON object (RFC 8259) whose values are strings, whole numbers, `true`, `false` or `null`; no nesting.
///
/// A backup manifest has a line like this for every file. Foundation's decoder needs twenty times as long for one, and the
/// strings are wanted as bytes.
struct FlatJSONObject {
    enum Value: Equatable {
        case string([UInt8])
        case number(Int64)
        case other
    }

    private(set) var values: [String: Value] = [:]

    /// Reads an object that fills `text` but for white space around it.
    ///
    /// - Throws: ``Malformed`` with a few words on what was found.
    init(_ text: some Collection<UInt8>) throws(Malformed) {
        var scanner = Scanner(bytes: Array(text))
        try scanner.expect(UInt8(ascii: "{"))
        if !scanner.take(UInt8(ascii: "}")) {
            repeat {
                let key = String(decoding: try scanner.string(), as: UTF8.self)
                try scanner.expect(UInt8(ascii: ":"))
                let value = try scanner.value()
                guard values.updateValue(value, forKey: key) == nil else {
                    throw Malformed(what: "the key \"\(key)\" comes twice")
                }
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
        }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw Malformed(what: "there is text after the object") }
    }

    /// The string under `key`; `nil` when there is none.
    func string(_ key: String) -> [UInt8]? {
        if case .string(let bytes)? = values[key] { bytes } else { nil }
    }

    /// The whole number under `key`; `nil` when there is none.
    func number(_ key: String) -> Int64? {
        if case .number(let number)? = values[key] { number } else { nil }
    }

    struct Malformed: Error, Equatable {
        var what: String
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func skipSpace() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func expect(_ byte: UInt8) throws(Malformed) {
            guard take(byte) else {
                throw Malformed(what: "\"\(Character(UnicodeScalar(byte)))\" was expected at byte \(position)")
            }
        }

        mutating func value() throws(Malformed) -> Value {
            skipSpace()
            guard position < bytes.count else { throw Malformed(what: "a value is missing") }
            switch bytes[position] {
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
            default:
                for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
                    position += word.utf8.count
                    return .other
                }
                throw Malformed(what: "a value was expected at byte \(position)")
            }
        }

        private mutating func number() throws(Malformed) -> Int64 {
            let digits = bytes[position...].prefix {
                $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            guard let number = Int64(String(decoding: digits, as: UTF8.self)) else {
                throw Malformed(what: "a number at byte \(position) is out of range")
            }
            position += digits.count
            return number
        }

        mutating func string() throws(Malformed) -> [UInt8] {
            try expect(UInt8(ascii: "\""))
            var result: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return result
                case UInt8(ascii: "\\"): try escape(into: &result)
                case 0..<0x20: throw Malformed(what: "a control character stands in a string")
                default: result.append(byte)
                }
            }
            throw Malformed(what: "a string does not end")
        }

        private mutating func escape(into result: inout [UInt8]) throws(Malformed) {
            guard position < bytes.count else { throw Malformed(what: "a string does not end") }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                // The server writes only control characters this way (escape_json); so halves of pairs don't occur.
                let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
                guard digits.utf8.count == 4, let value = UInt16(digits, radix: 16), let scalar = UnicodeScalar(value)
                else { throw Malformed(what: "an escape in a string is not valid") }
                position += 4
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
            default: throw Malformed(what: "an escape in a string is not valid")
            }
        }
    }
}
