/// A position in the write-ahead log: a count of bytes since the cluster's WAL began.
///
/// PostgreSQL writes it as two hexadecimal halves, `16/B374D848` (type `pg_lsn`).
package struct LSN: RawRepresentable, Hashable, Comparable, Sendable {
    /// The position in bytes.
    package var rawValue: UInt64

    /// Makes a position from its number of bytes.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Makes a position from its number of bytes.
    package init(_ bytes: UInt64) {
        rawValue = bytes
    }

    /// The position 0/0, which PostgreSQL uses for "none".
    package static let zero = LSN(0)

    /// Whether `left` comes before `right`.
    package static func < (left: LSN, right: LSN) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The bytes from `other` to this position; negative when this one comes first. It saturates at `Int64`'s bounds.
    package func distance(from other: LSN) -> Int64 {
        if self >= other { return Int64(clamping: rawValue - other.rawValue) }
        return -Int64(clamping: other.rawValue - rawValue)
    }

    /// The position `bytes` later.
    ///
    /// - Precondition: The sum fits into 64 bits.
    package static func + (position: LSN, bytes: UInt64) -> LSN {
        LSN(position.rawValue + bytes)
    }
}

extension LSN: LosslessStringConvertible {
    /// Reads PostgreSQL's form: one to eight hexadecimal digits, a slash, one to eight hexadecimal digits.
    package init?(_ text: String) {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, let high = Self.half(halves[0]), let low = Self.half(halves[1]) else { return nil }
        rawValue = UInt64(high) << 32 | UInt64(low)
    }

    /// PostgreSQL's form, in capitals and without leading zeros.
    package var description: String {
        "\(String(rawValue >> 32, radix: 16, uppercase: true))/\(String(rawValue & 0xffff_ffff, radix: 16, uppercase: true))"
    }

    private static func half(_ digits: Substring.UTF8View) -> UInt32? {
        guard (1...8).contains(digits.count), digits.first != UInt8(ascii: "+") else { return nil }
        return UInt32(Substring(digits), radix: 16)
    }
}

extension LSN: Codable {
    /// Reads PostgreSQL's form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let position = LSN(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a WAL position")
        }
        self = position
    }

    /// Writes PostgreSQL's form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
