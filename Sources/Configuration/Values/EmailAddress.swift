/// The address of a mailbox, such as `admin@example.org`.
package struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// What is accepted, in words.
    package static let grammar = #"an e-mail address such as "admin@example.org""#
    /// As long as SMTP lets an address be, in bytes (RFC 5321, 4.5.3.1.3, without the brackets).
    package static let maximumBytes = 254

    /// What stands before the "@"; may hold letters of any script (RFC 6531).
    package let local: String
    /// The host name behind it, in ASCII.
    package let domain: String

    /// `nil` when it is no address. Quoted local parts and addresses of hosts in brackets exist on paper only and are not
    /// accepted; nor is anything that could end a header or a command.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard !local.isEmpty, local.utf8.count <= 64, local.unicodeScalars.allSatisfy(Self.isLocal),
            !local.hasPrefix("."), !local.hasSuffix("."), !local.contains(".."), HostText.isName(domain)
        else { return nil }
        self.local = String(local)
        self.domain = String(domain)
    }

    /// The address.
    package var description: String { "\(local)@\(domain)" }

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
    }
}
