import Alerting
import Foundation
import Monitoring
import TestSupport
import Testing
import Transfer

@Suite("Mail", .timeLimit(.minutes(2)))
struct MailChannelTests {
    private func channel(
        _ peer: Peer,
        to recipient: String = "ok@example.org",
        host: String = "localhost",
        security: MailSubmission.Security = .none,
        login: MailSubmission.Login? = nil,
        from sender: String = "backups@example.org",
        name: String? = nil,
        authorities: String? = nil
    ) -> KeptChannel {
        let route = MailChannel.Route(
            host: host,
            port: peer.port,
            security: security,
            login: login,
            senderName: name,
            senderAddress: sender
        )
        let channel = MailChannel(
            recipient: recipient,
            route: route,
            transfer: Transfer(limits: ChannelBench.patientLimits, authoritiesFile: authorities)
        )
        return KeptChannel(channel, to: peer)
    }

    @Test("reads the same to another mail program: headers, text and HTML, without a defect")
    func foreignReader() async throws {
        let peer = try Peer.mail("plain")
        let name = "Sauvegardes \u{E9}t\u{E9}, \"nuit\""
        #expect(await channel(peer, name: name).deliver(.difficult) == .delivered)
        let record = try #require(try peer.records().last)
        let message = AlertMessage.difficult
        #expect(record.from == "backups@example.org")
        #expect(record.to == ["ok@example.org"])
        #expect(record.defects == [])
        let headers = try #require(record.headers)
        #expect(headers["subject"] == message.subject)
        #expect(headers["from"]?.contains("<backups@example.org>") == true)
        #expect(headers["from"]?.contains("Sauvegardes \u{E9}t\u{E9}, ") == true)
        #expect(headers["to"] == "ok@example.org")
        #expect(headers["date"] == "Fri, 27 Nov 2026 18:46:01 +0000")
        #expect(headers["message-id"] == "<a-1.2-3@example.org>")
        #expect(headers["auto-submitted"] == "auto-generated")
        #expect(headers["importance"] == "high")
        #expect(Set(record.names ?? []).count == record.names?.count)
        #expect(record.text?.replacing("\r\n", with: "\n").trimmingCharacters(in: .newlines) == message.body)
        #expect(record.html?.contains("&lt;1&gt; &amp; co: \u{201C}nothing\u{201D}") == true)
        #expect(record.html?.contains("recyclicctl status --json | grep &#39;&quot;level&quot;&#39;") == true)
    }

    @Test("is sent encrypted and logged in", arguments: [MailSubmission.Security.startTLS, .implicitTLS])
    func login(security: MailSubmission.Security) async throws {
        let bench = try ChannelBench(security == .startTLS ? .mailSTARTTLS : .mailTLS)
        #expect(await bench.channel().deliver(.difficult) == .delivered)
        let record = try #require(try bench.peer.records().last)
        #expect(record.tls == true)
        #expect(record.user == ChannelBench.user)
    }

    @Test("is encrypted where the server offers it, also without a login, and goes plain where it does not")
    func opportunistic() async throws {
        let authority = try Authority()
        let offering = try Peer.mail("offered", certificate: authority.certificate(for: "DNS:localhost"))
        let channel = channel(offering, security: .startTLSIfOffered, authorities: authority.file)
        #expect(await channel.deliver(.difficult) == .delivered)
        #expect(try offering.records().last?.tls == true)
        let plain = try Peer.mail("plain")
        #expect(await self.channel(plain, security: .startTLSIfOffered).deliver(.difficult) == .delivered)
        #expect(try plain.records().last?.tls == false)
    }

    @Test("goes unencrypted to this machine's own server, whose certificate nobody can verify")
    func ownServer() async throws {
        let authority = try Authority()
        let peer = try Peer.mail("offered", certificate: authority.certificate(for: "DNS:vm"))
        #expect(await channel(peer).deliver(.difficult) == .delivered)
        #expect(try peer.records().last?.tls == false)
    }

    @Test("with a login goes nowhere without encryption")
    func noSTARTTLS() async throws {
        let peer = try Peer.mail("plain", user: ChannelBench.user, password: ChannelBench.secrets[1])
        let login = MailSubmission.Login(user: ChannelBench.user, password: ChannelBench.secrets[1])
        let outcome = await channel(peer, security: .startTLS, login: login).deliver(.difficult)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("does not offer STARTTLS") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("smtps://") == true)
        // Unless the operator says so.
        #expect(await channel(peer, security: .none, login: login).deliver(.difficult) == .delivered)
    }

    @Test("with a wrong password is refused, and what the server quotes of it is not shown")
    func wrongPassword() async throws {
        let authority = try Authority()
        let certificate = try authority.certificate(for: "DNS:localhost")
        let peer = try Peer.mail("starttls", user: "somebody", password: "right", certificate: certificate)
        let login = MailSubmission.Login(user: ChannelBench.user, password: ChannelBench.secrets[1])
        let outcome = await channel(peer, security: .startTLS, login: login, authorities: authority.file)
            .deliver(.difficult)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("refuses the login: 535 5.7.8 not with [hidden], [hidden]") == true)
        #expect(outcome.failure?.hint?.contains("NOTIFICATION_SMTP_PASSWORD") == true)
        for secret in ChannelBench.secrets {
            #expect(!"\(outcome)".contains(secret))
            #expect(!"\(outcome)".contains(Data(secret.utf8).base64EncodedString()))
        }
    }

    @Test("with a login that the server can't look at now is tried again")
    func loginLater() async throws {
        let authority = try Authority()
        let certificate = try authority.certificate(for: "DNS:localhost")
        let peer = try Peer.mail("starttls", user: "somebody", password: "right", certificate: certificate)
        let login = MailSubmission.Login(user: "busy", password: "x")
        let outcome = await channel(peer, security: .startTLS, login: login, authorities: authority.file)
            .deliver(.difficult)
        #expect(outcome.isFailed, "\(outcome)")
        #expect(outcome.failure?.message.contains("454") == true, "\(outcome)")
    }

    /// Recipients and senders that the server does not take: who, whether it may work later, words and hint.
    static let replies: [(String, String, Bool, String, String?)] = [
        (
            "refuse@example.org", "a@b.org", false, "refuses the recipient \"refuse@example.org\": 550",
            "NOTIFICATION_EMAIL"
        ),
        ("relay@example.org", "a@b.org", false, "554 5.7.1 relay", "relays for this machine"),
        (
            "ok@example.org", "forged@b.org", false, "refuses the sender \"forged@b.org\": 553",
            "NOTIFICATION_EMAIL_FROM"
        ),
        ("spam@example.org", "a@b.org", false, "refuses the message: 554 5.7.1 looks like spam", "log"),
        ("busy@example.org", "a@b.org", true, "450 4.2.1 come back later", nil),
        ("full@example.org", "a@b.org", true, "452 4.3.1 disk is full", nil),
    ]

    @Test("is refused or put off in the server's own words", arguments: replies)
    func reply(recipient: String, sender: String, isLater: Bool, words: String, hint: String?) async throws {
        let peer = try Peer.mail("plain")
        let outcome = await channel(peer, to: recipient, from: sender).deliver(.difficult)
        #expect(outcome.isFailed == isLater)
        #expect(outcome.isRefused == !isLater)
        #expect(outcome.failure?.message.contains(words) == true, "\(outcome)")
        if let hint { #expect(outcome.failure?.hint?.contains(hint) == true, "\(outcome)") }
    }

    @Test("to one recipient that is refused does not stop the next")
    func nextRecipient() async throws {
        let peer = try Peer.mail("plain")
        #expect(await channel(peer, to: "refuse@example.org").deliver(.difficult).isRefused)
        #expect(await channel(peer, to: "ok@example.org").deliver(.difficult) == .delivered)
    }

    @Test("to an address with letters that ASCII lacks arrives there")
    func internationalAddress() async throws {
        let peer = try Peer.mail("plain")
        #expect(await channel(peer, to: "jos\u{E9}@example.org").deliver(.difficult) == .delivered)
        let record = try #require(try peer.records().last)
        #expect(record.to == ["jos\u{E9}@example.org"])
        #expect(record.headers?["to"]?.contains("jos\u{E9}@example.org") == true)
        #expect(record.defects == [])
    }

    @Test("that was taken counts as delivered, also when the server never says goodbye")
    func slowGoodbye() async throws {
        let peer = try Peer.mail("plain")
        #expect(await channel(peer, to: "slowquit@example.org").deliver(.difficult) == .delivered)
    }

    @Test("that the server neither takes nor refuses is tried again")
    func hangsAfterData() async throws {
        let peer = try Peer.mail("plain")
        var limits = ChannelBench.patientLimits
        limits.totalSeconds = 3
        let route = MailChannel.Route(
            host: "localhost",
            port: peer.port,
            security: .none,
            senderAddress: "backups@example.org"
        )
        let outcome = await KeptChannel(
            MailChannel(
                recipient: "hangdata@example.org",
                route: route,
                transfer: Transfer(limits: limits)
            ),
            to: peer
        ).deliver(.difficult)
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message.contains("did not answer within 3 s") == true, "\(outcome)")
    }
}
