/// What may stand for a host in an address or a URL.
enum HostText {
    /// Whether it is a host name or an IPv4 address: labels of ASCII letters, digits, "-" and "_" between dots.
    static func isName(_ text: some StringProtocol) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && !labels.isEmpty
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy {
                        $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "-") || $0 == .underscore
                    }
            }
    }

    /// Whether it names this machine and no other, so that what goes there crosses no network.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { WholeNumber.parse($0) != nil }
    }

    /// Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`; `nil` for anything else. The host comes without brackets.
    static func address(_ text: some StringProtocol) -> (host: String, port: Int?)? {
        var host: String
        var rest: String
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<close])
            rest = String(text[text.index(after: close)...])
            guard host.contains(":"), host.utf8.allSatisfy({ $0.isHexadecimal || ":.".utf8.contains($0) }) else {
                return nil
            }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<colon])
            rest = String(text[colon...])
            guard isName(host) else { return nil }
        }
        if rest.isEmpty { return (host, nil) }
        guard rest.removeFirst() == ":", let port = WholeNumber.parse(rest), (1...65535).contains(port) else {
            return nil
        }
        return (host, port)
    }

    /// As it stands in a URL: an IPv6 address in brackets.
    static func inURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension UInt8 {
    /// Whether it is one of the digits 0 to 9, a to f or A to F.
    var isHexadecimal: Bool {
        isDigit || (self >= UInt8(ascii: "a") && self <= UInt8(ascii: "f"))
            || (self >= UInt8(ascii: "A") && self <= UInt8(ascii: "F"))
    }
}
