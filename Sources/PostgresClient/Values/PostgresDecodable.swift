package import FoundationEssentials

/// A value that can be read from a column, in the text form that PostgreSQL gives it.
package protocol PostgresDecodable: Sendable {
    /// Reads a value; `nil` in is NULL.
    ///
    /// - Returns: `nil` when the text is no such value, or NULL and the type has no place for it.
    static func decode(postgresText: String?) -> Self?
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// NULL is `nil`; anything else must be a value.
    package static func decode(postgresText: String?) -> Wrapped?? {
        guard let postgresText else { return .some(nil) }
        return Wrapped.decode(postgresText: postgresText).map { .some($0) }
    }
}

extension String: PostgresDecodable {
    /// Any column, as its text.
    package static func decode(postgresText: String?) -> String? { postgresText }
}

extension Bool: PostgresDecodable {
    /// `boolean`.
    package static func decode(postgresText: String?) -> Bool? {
        switch postgresText {
        case "t": true
        case "f": false
        default: nil
        }
    }
}

extension Int: PostgresDecodable {
    /// Any whole number.
    package static func decode(postgresText: String?) -> Int? { postgresText.flatMap { Int($0) } }
}

extension Int64: PostgresDecodable {
    /// Any whole number.
    package static func decode(postgresText: String?) -> Int64? { postgresText.flatMap { Int64($0) } }
}

extension Int32: PostgresDecodable {
    /// Any whole number in range.
    package static func decode(postgresText: String?) -> Int32? { postgresText.flatMap { Int32($0) } }
}

extension UInt32: PostgresDecodable {
    /// `oid`, `xid`, and whole numbers in range.
    package static func decode(postgresText: String?) -> UInt32? { postgresText.flatMap { UInt32($0) } }
}

extension UInt64: PostgresDecodable {
    /// A whole number that isn't negative: a system identifier, say.
    package static func decode(postgresText: String?) -> UInt64? { postgresText.flatMap { UInt64($0) } }
}

extension Double: PostgresDecodable {
    /// `double precision`, `real`, and `numeric` as near as it gets.
    package static func decode(postgresText: String?) -> Double? {
        switch postgresText {
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        case "NaN": .nan
        case let text?: Double(text)
        case nil: nil
        }
    }
}

extension [UInt8]: PostgresDecodable {
    /// `bytea`.
    package static func decode(postgresText: String?) -> [UInt8]? {
        guard let postgresText, postgresText.utf8.starts(with: [0x5c, 0x78]) else { return nil }  // \x
        let digits = Array(postgresText.utf8.dropFirst(2))
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = hexadecimalValue(digits[index]), let low = hexadecimalValue(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}

extension Date: PostgresDecodable {
    /// `timestamptz`, as a session in UTC with datestyle ISO prints it. `infinity` and years before Christ are none.
    package static func decode(postgresText: String?) -> Date? {
        postgresText.flatMap { PostgresTime.parse($0) }
    }
}

extension UUID: PostgresDecodable {
    /// `uuid`.
    package static func decode(postgresText: String?) -> UUID? { postgresText.flatMap { UUID(uuidString: $0) } }
}

extension LSN: PostgresDecodable {
    /// `pg_lsn`.
    package static func decode(postgresText: String?) -> LSN? { postgresText.flatMap { LSN($0) } }
}

extension TimelineID: PostgresDecodable {
    /// A timeline's number.
    package static func decode(postgresText: String?) -> TimelineID? {
        postgresText.flatMap { UInt32($0) }.map { TimelineID($0) }
    }
}
