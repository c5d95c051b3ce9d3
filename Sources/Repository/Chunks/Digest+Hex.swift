extension Digest: CustomStringConvertible, LosslessStringConvertible, Codable {
    /// Takes 64 hexadecimal digits in lower case; anything else gives nil.
    package init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * Digest.byteCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        for index in bytes.indices {
            guard let high = hexValue(digits[2 * index]), let low = hexValue(digits[2 * index + 1]) else { return nil }
            bytes[index] = high << 4 | low
        }
        self = bytes.withUnsafeBytes { Digest(loading: $0) }
    }

    package init?(_ description: String) {
        self.init(hex: description)
    }

    /// The 64 hexadecimal digits, in lower case.
    package var hex: String {
        String(unsafeUninitializedCapacity: 2 * Digest.byteCount) { digits in
            withUnsafeBytes { bytes in
                for index in 0..<Digest.byteCount {
                    digits[2 * index] = hexDigit(bytes[index] >> 4)
                    digits[2 * index + 1] = hexDigit(bytes[index] & 15)
                }
            }
            return 2 * Digest.byteCount
        }
    }

    package var description: String {
        hex
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a SHA-256 in hex")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
