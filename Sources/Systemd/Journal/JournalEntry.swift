/// An entry as journald takes it: fields with values of any bytes (https://systemd.io/JOURNAL_NATIVE_PROTOCOL).
package struct JournalEntry: Sendable, Hashable {
    /// The longest value, in bytes; a longer one is cut. So an entry fits a datagram, whatever somebody puts into an error.
    package static let maximumValueBytes = 8 << 10
    /// The most fields; further ones are dropped.
    package static let maximumFields = 20
    /// The longest name that journald accepts.
    private static let maximumNameBytes = 64

    /// What is to be sent.
    package private(set) var bytes: [UInt8] = []
    private var count = 0

    package init() {}

    /// Adds a field.
    ///
    /// - Parameter name: Upper-case letters, digits and underscores; not beginning with an underscore, which journald keeps for
    ///   itself, or a digit.
    package mutating func add(_ name: String, _ value: String) {
        precondition(Self.isValid(name), "\"\(name)\" is not the name of a journal field")
        guard count < Self.maximumFields else { return }
        count += 1
        let value = Self.cut(value)
        bytes += Array(name.utf8)
        if value.utf8.contains(UInt8(ascii: "\n")) {
            bytes.append(UInt8(ascii: "\n"))
            withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += Array($0) }
        } else {
            bytes.append(UInt8(ascii: "="))
        }
        bytes += Array(value.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The field for a key of ours: `requestedBy` becomes `RECYCLIC_REQUESTED_BY` with the prefix `RECYCLIC`. Whatever is no
    /// letter or digit becomes an underscore.
    package static func fieldName(prefix: String, key: String) -> String {
        var name = prefix + "_"
        var wasLower = false
        for character in key.unicodeScalars {
            let isUpper = ("A"..."Z").contains(character)
            let isLower = ("a"..."z").contains(character) || ("0"..."9").contains(character)
            if isUpper && wasLower { name += "_" }
            name += isUpper || isLower ? String(character).uppercased() : "_"
            wasLower = isLower
        }
        return String(name.prefix(maximumNameBytes))
    }

    private static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= maximumNameBytes else { return false }
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
            && name.utf8.allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "_")
            }
    }

    private static func cut(_ value: String) -> String {
        guard value.utf8.count > maximumValueBytes else { return value }
        // Cut between characters, or the value would not be UTF-8 any more.
        var end = value.utf8.index(value.startIndex, offsetBy: maximumValueBytes - 3)
        while end.samePosition(in: value.unicodeScalars) == nil { end = value.utf8.index(before: end) }
        return value[..<end] + "…"
    }
}
