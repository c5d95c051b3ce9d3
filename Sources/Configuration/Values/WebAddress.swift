/// An `https://` or `http://` URL that requests go to.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// What is accepted, in words.
    package static let grammar = #"a URL such as "https://example.org/hooks/1" (https:// or http://)"#
    /// Longer ones are surely something else.
    package static let maximumBytes = 2000

    /// The whole URL, in ASCII, without a fragment. Its path may be a secret: pass it on to what needs it; never into a log or
    /// an error.
    package let revealed: String
    /// Host name or address, an IPv6 address without brackets.
    package let host: String
    /// The scheme, the host and the port: what everybody may see.
    package let shown: String
    /// Whether the scheme is `http` and the host another machine, so that whoever is in between can read along.
    package let isReadableOnTheWay: Bool
    /// Whether there is more than scheme, host and path.
    package let hasQuery: Bool

    /// `nil` when it is none. Characters that a URL can't hold must be percent-encoded, and a host name with other letters
    /// be written as `xn--…`.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.utf8.contains(where: { #""<>\^`{|}"#.utf8.contains($0) }), let end = text.firstRange(of: "://")
        else { return nil }
        let scheme = text[..<end.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let whole = text.prefix { $0 != "#" }
        let rest = whole[end.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard let address = HostText.address(place) else { return nil }
        host = address.host
        shown = "\(scheme)://\(HostText.inURL(address.host))" + (address.port.map { ":\($0)" } ?? "")
        isReadableOnTheWay = scheme == "http" && !HostText.isLoopback(address.host)
        hasQuery = rest.contains("?")
        revealed = scheme + String(whole[end.lowerBound...])
    }

    /// What everybody may see.
    package var description: String { shown }

    package var debugDescription: String { shown }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
