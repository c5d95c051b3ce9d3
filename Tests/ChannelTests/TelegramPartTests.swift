import Foundation
import Monitoring
import Testing
import Transfer

@testable import Alerting

@Suite("A message for Telegram")
struct TelegramPartTests {
    private static func message(subject: String = "Subject", body: String) -> AlertMessage {
        AlertMessage(
            id: "1",
            kind: .problem,
            level: .warning,
            instance: "i",
            subject: subject,
            body: body,
            createdAt: Date(timeIntervalSince1970: 0)
        )
    }

    /// What an entity covers.
    private static func covered(_ entity: TelegramPart.Entity, of text: String) -> String {
        let units = Array(text.utf16)[entity.offset..<(entity.offset + entity.length)]
        return String(decoding: units, as: UTF16.self)
    }

    @Test("What the API quotes of the token is taken out before its words are cut")
    func quotedToken() throws {
        let words = String(repeating: "x ", count: 146) + "4711:S3cretToken is wrong"
        let body = try JSONEncoder().encode(["description": words])
        let answer = HTTPAnswer(status: 404, body: Array(#"{"ok":false,"#.utf8) + body.dropFirst())
        let redaction = Redaction(["4711:S3cretToken"])
        let outcome = TelegramAnswer.outcome(of: answer, chat: "1", peer: "p", redaction: redaction)
        #expect("\(outcome)".contains("x x [hidden…") && !"\(outcome)".contains("4711"), "\(outcome)")
    }

    @Test("has the subject in bold and commands ready to be copied, and every character as it was")
    func entities() {
        let parts = TelegramPart.parts(of: .difficult)
        #expect(parts.count == 1)
        let text = parts[0].text
        #expect(text.hasPrefix(AlertMessage.difficult.subject + "\n\nRessourcerie"))
        #expect(parts[0].entities.map(\.type) == [.bold, .code])
        #expect(Self.covered(parts[0].entities[0], of: text) == AlertMessage.difficult.subject)
        #expect(
            Self.covered(parts[0].entities[1], of: text) == #"recyclicctl status --json | grep '"level"' && echo <ok>"#
        )
        #expect(text.replacing("recyclicctl", with: "    recyclicctl").hasSuffix(AlertMessage.difficult.body))
    }

    @Test("of exactly the limit stays whole, and one of a character more does not")
    func limit() {
        let whole = TelegramPart.parts(of: Self.message(subject: "s", body: String(repeating: "x", count: 4093)))
        #expect(whole.map { $0.text.utf16.count } == [4096])
        let more = TelegramPart.parts(of: Self.message(subject: "s", body: String(repeating: "x", count: 4094)))
        #expect(more.count == 2)
        #expect(more[0].text.hasSuffix("\n(1/2)"))
        #expect(more[1].text.hasSuffix("\n(2/2)"))
    }

    /// Long bodies of many kinds, none with a word or line so long that nothing can be kept together.
    static let bodies: [String] = [
        String(repeating: "word ", count: 2_000),
        String(repeating: "a line\n", count: 1_200),
        String(repeating: "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", count: 1_500),
        String(repeating: "\u{1F6A8}", count: 6_000),
        String(repeating: "e\u{301}", count: 6_000),
        String(repeating: "    recyclicctl status --json\n\nand so on, ", count: 300),
        String(repeating: "\n", count: 5_000) + "end",
        "start" + String(repeating: "\n", count: 5_000),
    ]

    @Test("is cut into parts that fit, between characters and never inside an entity", arguments: bodies)
    func cut(body: String) {
        let message = Self.message(body: body)
        let parts = TelegramPart.parts(of: message)
        #expect(parts.count <= TelegramPart.maximumParts)
        for part in parts {
            #expect((1...TelegramPart.limit).contains(part.text.utf16.count))
            #expect(part.text.first?.isWhitespace == false && part.text.last?.isWhitespace == false)
            // A lone half of a pair of units would have become this.
            #expect(!part.text.contains("\u{FFFD}"))
            for entity in part.entities {
                #expect(entity.offset >= 0 && entity.length > 0)
                #expect(entity.offset + entity.length <= part.text.utf16.count)
                let covered = Self.covered(entity, of: part.text)
                #expect(covered == (entity.type == .bold ? "Subject" : "recyclicctl status --json"))
            }
        }
        // All of it is there, in order, or as much as so many parts hold.
        let marks = parts.count > 1 ? 1 : 0
        let words = parts.map { part in
            part.text.split(separator: "\n").dropLast(marks).joined().filter { !$0.isWhitespace }
        }.joined()
        let all = (message.subject + body).filter { !$0.isWhitespace }
        let isCut = parts.last?.text.contains(TelegramPart.ellipsis) == true
        #expect(isCut ? all.hasPrefix(words) : all == words)
        #expect(!isCut || words.utf16.count > 3 * 2_000)
    }

    @Test("with a character longer than a message is cut inside it, since nothing else is left")
    func monstrous() {
        let monster = "a" + String(repeating: "\u{301}", count: 9_000)
        #expect(monster.count == 1)
        let parts = TelegramPart.parts(of: Self.message(body: monster))
        #expect(parts.allSatisfy { $0.text.utf16.count <= TelegramPart.limit })
        #expect(parts.count == 3)
    }
}
