import Repository

/// Looks in what pg_dumpall writes, as it comes, for the roles that a database needs. Pure; its memory does not grow with the
/// text.
struct GlobalsRoles {
    private static let command = Array("CREATE ROLE ".utf8)
    /// More than a name takes, all of it doubled quotes.
    private static let longestName = 256

    private var wanted: Set<String>
    /// How much of the command stands at the beginning of this line; `nil` when it begins otherwise.
    private var matched: Int? = 0
    /// The name so far, quotes included.
    private var name: [UInt8]?
    private var isQuoted = false

    /// - Parameter roles: Those to look for.
    init(looking roles: Set<String>) {
        wanted = roles
    }

    /// The roles that have not come yet, in order.
    var missing: [String] { wanted.sorted() }

    /// Takes the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes { add(byte) }
    }

    private mutating func add(_ byte: UInt8) {
        if name != nil { return addToName(byte) }
        if byte == UInt8(ascii: "\n") {
            matched = 0
        } else if let count = matched {
            matched = byte == Self.command[count] ? count + 1 : nil
            if matched == Self.command.count { (matched, name, isQuoted) = (nil, [], false) }
        }
    }

    private mutating func addToName(_ byte: UInt8) {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        guard byte == UInt8(ascii: ";"), !isQuoted else {
            name?.append(byte)
            if name?.count ?? 0 > Self.longestName { name = nil }
            return
        }
        var text = String(decoding: name ?? [], as: UTF8.self)
        if text.hasPrefix("\""), text.hasSuffix("\"") {
            text = String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        }
        wanted.remove(text)
        name = nil
    }
}

extension DatabaseProperties {
    /// The roles that must be there before the database can be restored; the system's own always are.
    var neededRoles: Set<String> {
        Set((roles + [owner]).filter { !$0.hasPrefix("pg_") })
    }
}
