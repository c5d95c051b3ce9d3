import FoundationEssentials

/// Takes secrets out of texts that others wrote: a server may quote what it was sent.
package struct Redaction: Sendable {
    private let forms: [String]

    /// - Parameter secrets: What must not be seen; empty ones are left out.
    package init(_ secrets: [String]) {
        forms = secrets.filter { !$0.isEmpty }.flatMap { secret in
            // As it stands, as a URL has it, and as a login over SMTP has it.
            [secret, Self.percentEncoded(secret), Data(secret.utf8).base64EncodedString()]
        }
        // The longest first, so that no rest of one stays when another is part of it.
        .sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The text with `[hidden]` for every secret in it.
    package func applied(to text: String) -> String {
        forms.reduce(text) { $0.replacing($1, with: "[hidden]") }
    }

    private static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
