import Alerting
import Foundation
import Monitoring
import TestSupport
import Testing
import Transfer

@Suite("Telegram", .timeLimit(.minutes(2)))
struct TelegramChannelTests {
    private func channel(
        _ peer: Peer,
        _ behaviour: String,
        token: String = ChannelBench.token,
        chat: String = "-1001234567890"
    ) -> KeptChannel {
        let channel = TelegramChannel(
            chat: chat,
            token: token,
            api: "http://127.0.0.1:\(peer.port)/\(behaviour)",
            peer: "http://127.0.0.1:\(peer.port)",
            transfer: Transfer(limits: ChannelBench.patientLimits)
        )
        return KeptChannel(channel, to: peer)
    }

    private static func long(kind: AlertMessage.Kind = .problem) -> AlertMessage {
        AlertMessage(
            id: "long",
            kind: kind,
            level: .critical,
            instance: "i",
            subject: "Long",
            body: String(repeating: "words and words\n", count: 600),
            createdAt: Date()
        )
    }

    @Test("gets a call that its documentation allows: the chat's number as a number, no parse mode, no previews")
    func call() async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        #expect(await channel(peer, "ok").deliver(.difficult) == .delivered)
        let record = try #require(try peer.records().first)
        #expect(record.path == "/ok/bot\(ChannelBench.token)/sendMessage")
        #expect(record.headers?["content-type"] == "application/json")
        let call = try record.json()
        #expect(call["chat_id"] as? Int64 == -1_001_234_567_890)
        #expect((call["text"] as? String)?.hasPrefix(AlertMessage.difficult.subject) == true)
        #expect(call["parse_mode"] == nil)
        #expect(call["disable_notification"] == nil)
        #expect((call["link_preview_options"] as? [String: Bool]) == ["is_disabled": true])
        #expect((call["entities"] as? [[String: Any]])?.first?["type"] as? String == "bold")
    }

    @Test("gets a public name as it is, and a digest makes no sound")
    func publicName() async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        var message = AlertMessage.difficult
        message.kind = .digest
        #expect(await channel(peer, "ok", chat: "@my_channel").deliver(message) == .delivered)
        let call = try #require(try peer.records().first).json()
        #expect(call["chat_id"] as? String == "@my_channel")
        #expect(call["disable_notification"] as? Bool == true)
    }

    /// How Telegram refuses, and what the operator must be told.
    static let refusals = [
        ("blocked", "bot was blocked by the user", "unblock"),
        ("silent", "can't initiate conversation", "Start"),
        ("refuse", "chat not found", "NOTIFICATION_TELEGRAM_CHAT_ID"),
        ("moved", "supergroup", "write -1009876543210 instead of -1001234567890"),
        ("redirect", "status 302", "Redirects are not followed"),
        ("200", "something else than Telegram", "NOTIFICATION_TELEGRAM_API"),
    ]

    @Test("refuses for reasons that each have their hint", arguments: refusals)
    func refused(behaviour: String, words: String, hint: String) async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        let outcome = await channel(peer, behaviour).deliver(.difficult)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains(words) == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains(hint) == true, "\(outcome)")
    }

    @Test("refuses a token that no bot has, and the token is not shown")
    func badToken() async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        let outcome = await channel(peer, "ok", token: "99:OtherS3cret").deliver(.difficult)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.hint?.contains("NOTIFICATION_TELEGRAM_TOKEN") == true)
        #expect(!"\(outcome)".contains("OtherS3cret"))
    }

    @Test("that quotes the token is not quoted, and can't write to a terminal")
    func echo() async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        let outcome = await channel(peer, "echo").deliver(.difficult)
        #expect(outcome.failure?.message.contains("what is [hidden]") == true, "\(outcome)")
        #expect(outcome.failure?.message.contains("\u{1B}") == false)
    }

    @Test("that is down is tried again", arguments: ["down", "500", "garbage", "headers"])
    func down(behaviour: String) async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        #expect(await channel(peer, behaviour).deliver(.difficult).isFailed)
    }

    @Test("gets a long message in parts, and after a pause those that are missing")
    func parts() async throws {
        let peer = try Peer.web(token: ChannelBench.token)
        let channel = channel(peer, "busysecond")
        let first = await channel.deliver(Self.long())
        #expect(first.isFailed && first.retryAfterSeconds == 1, "\(first)")
        #expect(await channel.deliver(Self.long()) == .delivered)
        let texts = try peer.records().map { try $0.json()["text"] as? String ?? "" }
        let marks = texts.map { $0.suffix(5) }
        #expect(marks == ["(1/3)", "(2/3)", "(2/3)", "(3/3)"])
        // What arrived whole is not remembered: the same message may be sent again.
        #expect(await channel.deliver(Self.long()) == .delivered)
        #expect(try peer.records().count == 7)
    }
}
