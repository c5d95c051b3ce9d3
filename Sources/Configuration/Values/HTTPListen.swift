/// Where HTTP is served: for this machine alone, since whoever reaches it may read.
package enum HTTPListen: Sendable, Hashable, CustomStringConvertible {
    /// Nowhere.
    case none
    /// A loopback address, IPv4 or IPv6, and a TCP port from 1 to 65535.
    case loopback(host: String, port: Int)
    /// A Unix socket at this absolute path, at most ``maximumPathBytes`` long.
    case socket(path: String)

    /// As long as Linux lets the path of a socket be.
    package static let maximumPathBytes = 107

    /// What is accepted, in words.
    package static let grammar =
        #""127.0.0.1:PORT", "[::1]:PORT", the path of a Unix socket that starts with "/", or "none""#

    /// `nil` when it is none of these. Other machines' addresses are refused: nothing asks the reader who they are.
    package init?(_ text: String) {
        let lower = text.lowercased()
        if ["none", "off"].contains(lower) {
            self = .none
        } else if text.hasPrefix("/") {
            guard text.utf8.count <= Self.maximumPathBytes, !text.hasSuffix("/") else { return nil }
            self = .socket(path: text)
        } else {
            guard let colon = lower.lastIndex(of: ":"),
                let port = WholeNumber.parse(String(lower[lower.index(after: colon)...])),
                (1...65_535).contains(port)
            else { return nil }
            switch lower[..<colon] {
            case "localhost": self = .loopback(host: "127.0.0.1", port: port)
            case "[::1]": self = .loopback(host: "::1", port: port)
            case let host where Self.isLoopback(host): self = .loopback(host: String(host), port: port)
            default: return nil
            }
        }
    }

    /// As it would be written in the file.
    package var description: String {
        switch self {
        case .none: "none"
        case .loopback(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }

    /// Whether it is an address in 127.0.0.0/8.
    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { WholeNumber.parse(String($0)).map { (0...255).contains($0) } ?? false }
    }
}
