/// Reads a mail server's lines and keeps what it said last.
struct MailReplies: Equatable {
    struct Reply: Equatable {
        var code: Int
        /// At most ``MailReplies/room`` characters, fit for a line. It may quote a secret.
        var text: String

        /// Its first 300 characters, without secrets.
        func text(hiding redaction: Redaction) -> String { String(redaction.applied(to: text).prefix(300)) }
    }

    /// So much of a reply is kept: more than is shown, for a secret that were cut would not be found any more.
    static let room = 4_000

    /// The last reply that means something: a goodbye (221) does not.
    private(set) var last: Reply?
    private var isOpen = false

    /// Notes a line: `250-text` when more of the same reply follow, `250 text` when it is the last.
    mutating func note(_ line: some Collection<UInt8>) {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard code != 221 else { return }
        let text = Self.printable(line.dropFirst(4))
        if isOpen, let last, last.code == code {
            let joined = last.text.isEmpty ? text : "\(last.text) \(text)"
            self.last?.text = String(joined.prefix(Self.room))
        } else {
            last = Reply(code: code, text: text)
        }
        isOpen = line.dropFirst(3).first == UInt8(ascii: "-")
    }

    /// On one line, without characters that a terminal acts on.
    static func printable(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: text.append(" ")
            default: text.unicodeScalars.append(scalar)
            }
        }
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        return String(words.joined(separator: " ").prefix(room))
    }
}
