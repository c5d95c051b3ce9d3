import Foundation
import Monitoring
import Testing

@testable import Alerting

@Suite("A message as mail")
struct MailTextTests {
    private static func message(subject: String = "s", body: String = "b", instance: String = "i") -> AlertMessage {
        AlertMessage(
            id: "a-1.2",
            kind: .resolved,
            level: .ok,
            instance: instance,
            subject: subject,
            body: body,
            createdAt: Date(timeIntervalSince1970: 1_795_805_161)
        )
    }

    private static func text(
        _ message: AlertMessage,
        name: String = "recyclicd i",
        to recipient: String = "a@b.org"
    ) -> String {
        let text = MailText(message, senderName: name, senderAddress: "from@example.org", recipient: recipient)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test("has a date as RFC 5322 wants it")
    func date() {
        #expect(MailText.date(Date(timeIntervalSince1970: 0)) == "Thu, 01 Jan 1970 00:00:00 +0000")
        #expect(MailText.date(Date(timeIntervalSince1970: 1_795_805_161.9)) == "Fri, 27 Nov 2026 18:46:01 +0000")
        #expect(MailText.date(Date(timeIntervalSince1970: 1_709_164_799)) == "Wed, 28 Feb 2024 23:59:59 +0000")
    }

    /// Texts that try to end a header, a part or the message.
    static let injections = [
        "Hello\r\nBcc: victim@example.org", "Hello\nBcc: victim@example.org", "Hello\rBcc: x", "a\u{0}b", "x\u{85}y",
        "x\u{2028}Bcc: y", "\r\n\r\n.\r\n", "=?utf-8?B?SGFsbG8=?=", String(repeating: "x", count: 3_000),
        String(repeating: "\u{E9}", count: 1_000), "--=_recyclicd--", "\"quoted\" \\ <a@b>", "",
    ]

    @Test("is lines that every mail server takes, whatever the texts hold", arguments: injections)
    func lines(text: String) {
        let mail = Self.text(Self.message(subject: text, body: text, instance: text), name: text)
        let bytes = Array(mail.utf8)
        #expect(bytes.allSatisfy { $0 < 0x80 })
        #expect(!bytes.contains(0))
        // No line end but CR LF.
        #expect(
            mail.split(separator: "\r\n", omittingEmptySubsequences: false).allSatisfy { line in
                !line.utf8.contains { $0 == 0x0A || $0 == 0x0D } && line.utf8.count <= 120
            }
        )
        let headers = mail.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
        let names = headers.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(
            names == [
                "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
                "X-Recyclic-Kind", "X-Recyclic-Level", "MIME-Version", "Content-Type",
            ]
        )
        #expect(mail.components(separatedBy: "\r\n--=_recyclicd\r\n").count == 3)
        #expect(mail.components(separatedBy: "\r\n--=_recyclicd--\r\n").count == 2)
    }

    @Test("names the sender and leaves a subject that ASCII can say readable")
    func readable() {
        let mail = Self.text(Self.message(subject: "Warning: 1 + 1"))
        #expect(mail.contains("\r\nFrom: \"recyclicd i\"\r\n <from@example.org>\r\n"))
        #expect(mail.contains("\r\nSubject: Warning: 1 + 1\r\n"))
        #expect(mail.contains("\r\nMessage-ID: <a-1.2@example.org>\r\n"))
        #expect(mail.contains("\r\nTo: <a@b.org>\r\n"))
        #expect(Self.text(Self.message(), to: "jos\u{E9}@b.org").contains("\r\nTo: <jos\u{E9}@b.org>\r\n"))
    }

    @Test("in quoted-printable keeps spaces at ends, periods at beginnings and no line over 76")
    func quotedPrintable() {
        #expect(QuotedPrintable.lines(of: "a=b \n.x\n\n\u{E9}\t") == ["a=3Db=20", "=2Ex", "", "=C3=A9=09"])
        let long = QuotedPrintable.lines(of: String(repeating: "x", count: 77))
        #expect(long == [String(repeating: "x", count: 75) + "=", "xx"])
        #expect(QuotedPrintable.lines(of: String(repeating: "x", count: 76)).count == 1)
        for count in 60...90 {
            let text = String(repeating: "a", count: count) + "\u{1F6A8}. \u{E9}=."
            let lines = QuotedPrintable.lines(of: text)
            #expect(lines.allSatisfy { $0.utf8.count <= 76 && !$0.hasPrefix(".") })
        }
    }

    @Test("in HTML escapes what means something there and boxes commands")
    func html() {
        let page = MailHTML.page(
            Self.message(subject: "<b>&\"'", body: "one <two>\nthree\n\n    run 'me' <now>\n    and me\n\nend")
        )
        #expect(page.contains("<title>&lt;b&gt;&amp;&quot;&#39;</title>"))
        #expect(page.contains("<p>one &lt;two&gt;<br>\nthree</p>"))
        #expect(page.contains(">run &#39;me&#39; &lt;now&gt;\nand me</pre>\n<p>end</p>"))
        #expect(!page.contains("http"))
    }
}
