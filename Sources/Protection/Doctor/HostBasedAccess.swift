/// The words of pg_hba.conf and of the server's refusals because of it.
enum HostBasedAccess {
    /// A role's or database's name; in quotes it is no keyword and may hold anything but a line end.
    static func name(_ name: String) -> String {
        let keywords: Set<String> = ["all", "sameuser", "samerole", "samegroup", "replication"]
        let isPlain = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
        if isPlain, !name.isEmpty, !keywords.contains(name) { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// The client's address in a refusal, whatever the server's language: the last quoted word that is an address,
    /// since libpq names the server's own address before.
    static func clientAddress(in message: String) -> String? {
        message.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .last { $0.offset % 2 == 1 && isAddress($0.element) }
            .map { String($0.element) }
    }

    /// Whether `text` looks like an IPv4 or IPv6 address.
    static func isAddress(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return true }
        return text.contains(":") && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
}
