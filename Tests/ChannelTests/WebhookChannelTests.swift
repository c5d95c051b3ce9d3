import Alerting
import Foundation
import Monitoring
import TestSupport
import Testing
import Transfer

@Suite("Webhook and ping", .timeLimit(.minutes(2)))
struct WebhookChannelTests {
    private static let moment = Date(timeIntervalSince1970: 1_795_805_161.7)

    private func channel(_ peer: Peer, _ behaviour: String, secret: String? = "hmac-s3cret") -> KeptChannel {
        let channel = WebhookChannel(
            url: "http://127.0.0.1:\(peer.port)/\(behaviour)",
            peer: "http://127.0.0.1:\(peer.port)",
            secret: secret,
            transfer: Transfer(limits: ChannelBench.patientLimits),
            now: { Self.moment }
        )
        return KeptChannel(channel, to: peer)
    }

    @Test("gets all of a message as JSON")
    func body() async throws {
        let peer = try Peer.web()
        #expect(await channel(peer, "ok").deliver(.difficult) == .delivered)
        let record = try #require(try peer.records().first)
        #expect(record.headers?["content-type"] == "application/json")
        #expect(record.headers?["user-agent"] == "recyclicd")
        let message = AlertMessage.difficult
        let json = try record.json()
        #expect(
            Set(json.keys) == [
                "version", "id", "kind", "level", "instance", "subject", "body", "createdAt", "problems",
            ]
        )
        #expect(json["version"] as? Int == 1)
        #expect(json["id"] as? String == message.id)
        #expect(json["kind"] as? String == "problem")
        #expect(json["level"] as? String == "critical")
        #expect(json["instance"] as? String == message.instance)
        #expect(json["subject"] as? String == message.subject)
        #expect(json["body"] as? String == message.body)
        #expect(json["createdAt"] as? String == "2026-11-27T18:46:01Z")
        let problem = try #require((json["problems"] as? [[String: Any]])?.first)
        #expect(problem["code"] as? String == "backupTooOld")
        #expect(problem["since"] as? String == "2026-11-27T15:06:01Z")
        #expect(problem["hint"] as? String == "Run recyclicctl trigger-backup.")
    }

    /// The example in Python that the documentation gives.
    private static func example() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/alerts.md"), encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```python\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }

    @Test(
        "is signed so that the program in the documentation accepts it, and nothing else than it",
        arguments: ["hmac-s3cret", "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="]
    )
    func signature(secret: String) async throws {
        let peer = try Peer.web()
        #expect(await channel(peer, "ok", secret: secret).deliver(.difficult) == .delivered)
        let record = try #require(try peer.records().first)
        let headers = try #require(record.headers)
        #expect(headers["webhook-id"] == AlertMessage.difficult.id)
        #expect(headers["webhook-timestamp"] == "1795805161")
        let folder = try TemporaryDirectory()
        try Self.example().write(toFile: folder.path("webhook.py"), atomically: true, encoding: .utf8)
        func judge(_ body: Data, secret: String, now: Int = 1_795_805_161) throws -> String {
            try body.write(to: URL(filePath: folder.path("body")))
            let script = """
                import sys
                sys.path.insert(0, sys.argv[1])
                import webhook
                headers = {
                    "webhook-id": sys.argv[2], "webhook-timestamp": sys.argv[3], "webhook-signature": sys.argv[4],
                }
                with open(sys.argv[1] + "/body", "rb") as file:
                    print(webhook.is_genuine(headers, file.read(), sys.argv[5], now=int(sys.argv[6])))
                """
            return try Program.check(
                "python3",
                [
                    "-B", "-c", script, folder.path, headers["webhook-id"] ?? "", headers["webhook-timestamp"] ?? "",
                    headers["webhook-signature"] ?? "", secret, "\(now)",
                ]
            ).trimmingCharacters(in: .newlines)
        }
        #expect(try judge(record.bytes, secret: secret) == "True")
        #expect(try judge(record.bytes + Data(" ".utf8), secret: secret) == "False")
        #expect(try judge(record.bytes, secret: "another") == "False")
        #expect(try judge(record.bytes, secret: secret, now: 1_795_805_161 + 301) == "False")
    }

    @Test("is not signed without a secret")
    func unsigned() async throws {
        let peer = try Peer.web()
        #expect(await channel(peer, "ok", secret: nil).deliver(.difficult) == .delivered)
        #expect(try peer.records().first?.headers?["webhook-signature"] == nil)
    }

    @Test("is delivered by every good status", arguments: ["200", "201", "202", "204", "huge"])
    func good(behaviour: String) async throws {
        #expect(await channel(try Peer.web(), behaviour).deliver(.difficult) == .delivered)
    }

    @Test("fails for now with what passes", arguments: ["408", "425", "429", "500", "502", "503", "599", "garbage"])
    func passing(behaviour: String) async throws {
        let outcome = await channel(try Peer.web(), behaviour).deliver(.difficult)
        #expect(outcome.isFailed, "\(outcome)")
    }

    @Test(
        "is refused with what does not pass",
        arguments: ["301", "400", "401", "403", "404", "410", "422", "redirect"]
    )
    func lasting(behaviour: String) async throws {
        let outcome = await channel(try Peer.web(), behaviour).deliver(.difficult)
        #expect(outcome.isRefused, "\(outcome)")
        #expect(outcome.failure?.hint != nil)
    }

    @Test("waits as long as Retry-After says, in seconds or as a date")
    func retryAfter() async throws {
        let peer = try Peer.web()
        #expect(await channel(peer, "busy").deliver(.difficult).retryAfterSeconds == 7)
        // The date is two minutes ahead when the server writes it.
        let seconds = await channel(peer, "date").deliver(.difficult).retryAfterSeconds ?? 0
        #expect((1...120).contains(seconds))
    }

    @Test("ends with a server that answers a byte at a time, or without end", arguments: ["drip", "headers"])
    func endless(behaviour: String) async throws {
        let peer = try Peer.web()
        var limits = ChannelBench.patientLimits
        limits.totalSeconds = 2
        let url = "http://127.0.0.1:\(peer.port)/\(behaviour)"
        let channel = WebhookChannel(url: url, peer: "p", secret: nil, transfer: Transfer(limits: limits))
        #expect(await KeptChannel(channel, to: peer).deliver(.difficult).isFailed)
    }

    @Test("A ping says good at the URL and bad behind it, with a line of state")
    func ping() async throws {
        let peer = try Peer.web()
        let url = "http://127.0.0.1:\(peer.port)/ok/0123?create=1"
        let sender = PingSender(
            url: url,
            peer: "http://127.0.0.1:\(peer.port)",
            transfer: Transfer(limits: ChannelBench.patientLimits)
        )
        #expect(await sender.send(.good, state: "ok\nall is well") == .delivered)
        #expect(await sender.send(.bad, state: String(repeating: "\u{E9}", count: 5_000)) == .delivered)
        let records = try peer.records()
        #expect(records.map(\.path) == ["/ok/0123?create=1", "/ok/0123/fail?create=1"])
        #expect(String(decoding: records[0].bytes, as: UTF8.self) == "ok all is well")
        #expect(records[1].bytes.count == 999 * 2 + 3)
    }
}
