import Testing

@testable import Transfer

@Suite("Texts of servers")
struct RedactionTests {
    @Test("A secret is taken out as it stands, as a URL has it and as a login has it")
    func redaction() {
        let redaction = Redaction(["p\u{E4}ss/1", "", "p"])
        #expect(redaction.applied(to: "x p\u{E4}ss/1 y") == "x [hidden] y")
        #expect(!redaction.applied(to: "p%C3%A4ss%2F1").contains("ss%2F1"))
        #expect(!redaction.applied(to: "cMOkc3MvMQ==").contains("c3M"))
        #expect(Redaction([]).applied(to: "as it is") == "as it is")
    }

    @Test("The last reply of a mail server that means something counts, on one line")
    func replies() {
        var replies = MailReplies()
        for line in ["220 hello", "250-one", "250-two \u{1B}[31m", "250 three", "550-no", "550 such user", "221 bye"] {
            replies.note(Array((line + "\r\n").utf8))
        }
        #expect(replies.last == MailReplies.Reply(code: 550, text: "no such user"))
        replies.note(Array("nonsense".utf8))
        replies.note(Array("25".utf8))
        #expect(replies.last?.code == 550)
        replies.note(Array("250 good again".utf8))
        #expect(replies.last == MailReplies.Reply(code: 250, text: "good again"))
        replies.note(Array("450 \(String(repeating: "x", count: 1_000))".utf8))
        #expect(replies.last?.text(hiding: Redaction([])).count == 300)
        replies.note(Array("450 \(String(repeating: "x", count: 10_000))".utf8))
        #expect(replies.last?.text.count == MailReplies.room)
    }

    @Test("A secret that lies across the end of what is shown is taken out, also over several lines")
    func acrossTheEnd() {
        var replies = MailReplies()
        let filling = String(repeating: "x ", count: 145)
        for line in ["535-\(filling)", "535 no S3cretPassword here"] { replies.note(Array(line.utf8)) }
        let shown = replies.last?.text(hiding: Redaction(["S3cretPassword"]))
        #expect(shown?.count == 300 && shown?.contains("S3c") == false && shown?.hasSuffix("no [hidden") == true)
    }
}
