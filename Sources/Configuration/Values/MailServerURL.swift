/// The mail server that takes messages over: `smtp://USER:PASSWORD@HOST:PORT`, `smtps://…` or `smtp+plain://…`.
///
/// A password may hold any character as it stands, since the host begins after the last "@"; percent signs followed by two
/// hexadecimal digits are decoded.
package struct MailServerURL: Sendable, Equatable {
    /// How the connection is encrypted.
    package enum Security: Sendable, Hashable {
        /// `smtps://`: from the first byte on.
        case implicitTLS
        /// `smtp://` with a user and a password: STARTTLS, or nothing is sent.
        case startTLS
        /// `smtp://` without, to another machine: STARTTLS where the server offers it.
        case startTLSIfOffered
        /// `smtp+plain://`, and `smtp://` to this machine without a password: not at all. Nothing crosses a network in the
        /// second case, and a local server's certificate is seldom one that can be verified.
        case none
    }

    /// What is accepted, in words.
    package static let grammar =
        #""smtp://USER:PASSWORD@HOST:587" (STARTTLS), "smtps://USER:PASSWORD@HOST" (TLS from the start), "#
        + #""smtp://HOST" (no login) or "smtp+plain://HOST" (never encrypted)"#

    /// As the scheme, the login and the host have it.
    package let security: Security
    /// Host name or address, an IPv6 address without brackets.
    package let host: String
    /// 1 to 65535; by default 465 for `smtps`, 587 with a login, else 25.
    package let port: Int
    /// Decoded; `nil` without a login.
    package let user: String?
    /// Decoded; `nil` when it is not in the URL.
    package let password: Secret?
    private let scheme: String

    /// `nil` when it is no such URL.
    package init?(_ text: String) {
        guard let end = text.firstRange(of: "://") else { return nil }
        scheme = text[..<end.lowerBound].lowercased()
        guard ["smtp", "smtps", "smtp+plain"].contains(scheme) else { return nil }
        var rest = text[end.upperBound...]
        var login: Substring?
        if let at = rest.lastIndex(of: "@") {
            login = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        guard let address = HostText.address(rest) else { return nil }
        host = address.host
        let parts = login?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
        let user = parts.first.map(PercentEncoding.decoded)
        let password = parts.count == 2 && !parts[1].isEmpty ? PercentEncoding.decoded(parts[1]) : nil
        guard user != "", Self.isOneLine(user ?? ""), Self.isOneLine(password ?? "") else { return nil }
        self.user = user
        self.password = password.map { Secret($0) }
        switch scheme {
        case "smtps":
            security = .implicitTLS
            port = address.port ?? 465
        case "smtp+plain":
            security = .none
            port = address.port ?? (user == nil ? 25 : 587)
        default:
            security = user != nil ? .startTLS : HostText.isLoopback(address.host) ? .none : .startTLSIfOffered
            port = address.port ?? (user == nil ? 25 : 587)
        }
    }

    /// The URL without the login, for people.
    package var shown: String { "\(scheme)://\(HostText.inURL(host)):\(port)" }

    private static func isOneLine(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
