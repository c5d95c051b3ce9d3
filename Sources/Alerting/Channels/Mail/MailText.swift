import FoundationEssentials
import Monitoring

/// A message as mail: headers, and a body in plain text and in HTML (RFC 5322, RFC 2046). Seven-bit throughout, but for an
/// address with letters that ASCII lacks (RFC 6532).
struct MailText {
    /// Headers and body, with CR LF as line ends.
    let bytes: [UInt8]

    /// - Parameters:
    ///   - senderName: What readers see as the sender.
    ///   - senderAddress: A bare address.
    ///   - recipient: A bare address.
    init(_ message: AlertMessage, senderName: String, senderAddress: String, recipient: String) {
        // "=_" never occurs in quoted-printable, so that no text can hold the boundary.
        let boundary = "=_recyclicd"
        var lines = [
            "Date: \(Self.date(message.createdAt))",
            MailHeader.field("From", phrase: senderName, address: senderAddress),
            "To: <\(PlainText.line(recipient))>",
            MailHeader.field("Subject", text: message.subject),
            "Message-ID: <\(Self.token(message.id))@\(Self.domain(of: senderAddress))>",
            // So that no holiday notice answers (RFC 3834), and Exchange neither.
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "X-Recyclic-Kind: \(message.kind.rawValue)",
            "X-Recyclic-Level: \(message.level.rawValue)",
        ]
        if message.level == .critical { lines += ["Importance: high", "X-Priority: 1"] }
        lines += [
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
            "",
        ]
        let parts = [
            ("text/plain", message.body),
            ("text/html", MailHTML.page(message)),
        ]
        for (type, text) in parts {
            lines += [
                "--\(boundary)",
                "Content-Type: \(type); charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
            ]
            lines += QuotedPrintable.lines(of: text)
        }
        lines += ["--\(boundary)--", ""]
        bytes = Array(lines.joined(separator: "\r\n").utf8)
    }

    /// `Fri, 27 Nov 2026 18:46:01 +0000`.
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let day = days[((parts.weekday ?? 1) - 1) % 7]
        let month = months[((parts.month ?? 1) - 1) % 12]
        let time = [parts.hour, parts.minute, parts.second].map { twoDigits($0 ?? 0) }.joined(separator: ":")
        return "\(day), \(twoDigits(parts.day ?? 1)) \(month) \(parts.year ?? 1970) \(time) +0000"
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

    /// What a message's id may hold is what a Message-ID may hold; anything else is left out.
    private static func token(_ id: String) -> String {
        id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
    }

    private static func domain(of address: String) -> String {
        PlainText.line(
            String(address[(address.lastIndex(of: "@").map(address.index(after:)) ?? address.startIndex)...])
        )
    }
}
