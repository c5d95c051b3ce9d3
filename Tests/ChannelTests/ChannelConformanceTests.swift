import Alerting
import Foundation
import Glibc
import Monitoring
import TestSupport
import Testing
import Transfer

/// What every channel must do, tried against real servers.
@Suite("Every channel", .timeLimit(.minutes(2)))
struct ChannelConformanceTests {
    /// Delivers, and looks for secrets and unfit texts in what comes of it.
    private func deliver(_ bench: ChannelBench, _ behaviour: String = "ok") async -> DeliveryOutcome {
        let channel = bench.channel(behaviour)
        let outcome = await channel.deliver(.difficult)
        // The server runs for as long.
        withExtendedLifetime(bench) {}
        for secret in ChannelBench.secrets {
            #expect(!"\(outcome) \(channel.recipient) \(channel.kind)".contains(secret))
        }
        if let failure = outcome.failure {
            #expect(failure.message.first?.isLowercase == true || failure.message.hasPrefix("\""), "\(failure)")
            #expect(!failure.message.hasSuffix("."), "\(failure)")
            #expect(!failure.message.contains { $0.isNewline }, "\(failure)")
            if let hint = failure.hint { #expect(hint.first?.isUppercase == true, "\(hint)") }
        }
        return outcome
    }

    @Test("delivers, whatever the text holds", arguments: ChannelKind.allCases)
    func delivers(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind)
        #expect(await deliver(bench) == .delivered)
        #expect(try bench.peer.records().count == (kind.isMail ? 2 : 1))
    }

    @Test("delivers the same message twice when asked twice", arguments: ChannelKind.allCases)
    func deliversAgain(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind)
        #expect(await deliver(bench) == .delivered)
        #expect(await deliver(bench) == .delivered)
        #expect(try bench.peer.records().count == (kind.isMail ? 4 : 2))
    }

    @Test("returns in time when the server hangs, and says so", arguments: ChannelKind.allCases)
    func hangs(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        bench.limits.totalSeconds = 2
        let outcome = await deliver(bench, "hang")
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message.contains("did not answer within 2 s") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("firewall") == true)
    }

    @Test("returns in time when the server takes the connection and no more", arguments: ChannelKind.allCases)
    func neverGreets(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        let listener = try SilentListener()
        bench.host = "127.0.0.1"
        bench.port = listener.port
        bench.limits.connectSeconds = 1
        bench.limits.totalSeconds = 2
        let outcome = await deliver(bench)
        #expect(outcome.isFailed)
        #expect(
            outcome.failure?.message.contains("in time") == true || outcome.failure?.message.contains("did not") == true
        )
    }

    @Test("returns soon when it is cancelled, and says so", arguments: ChannelKind.allCases)
    func cancelled(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        bench.limits.totalSeconds = 3600
        let hanging = bench
        let task = Task { await deliver(hanging, "hang") }
        // It has said what it wants and waits.
        _ = try await bench.peer.firstRecord()
        // Meanwhile nobody who looks at processes learns a secret.
        for text in try ProcessText.all() {
            for secret in ChannelBench.secrets { #expect(!text.contains(secret)) }
        }
        task.cancel()
        let outcome = await task.value
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message == "the delivery was cancelled")
    }

    @Test("does not begin when it is cancelled already", arguments: ChannelKind.allCases)
    func cancelledBefore(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await deliver(bench, "hang")
        }
        #expect(await task.value.failure?.message == "the delivery was cancelled")
    }

    @Test("fails when the server closes the connection", arguments: ChannelKind.allCases)
    func closes(kind: ChannelKind) async throws {
        let outcome = await deliver(try ChannelBench(kind), "close")
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message.contains("closed the connection") == true, "\(outcome)")
    }

    @Test("fails when nobody listens there, and says what to check", arguments: ChannelKind.allCases)
    func refusesConnections(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        bench.port = try freePort()
        let outcome = await deliver(bench)
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message.contains("can't be reached: connection refused") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("NOTIFICATION_") == true)
    }

    @Test("fails when no name server knows the host", arguments: ChannelKind.allCases)
    func unknownName(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        // RFC 6761 has it that nothing is called so.
        bench.host = "nothing.invalid"
        bench.limits.connectSeconds = 5
        let outcome = await deliver(bench)
        #expect(outcome.isFailed)
        #expect(outcome.failure?.message.contains("resolved") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("name servers") == true)
    }

    @Test("is refused by a server that does not want it, and says what to check", arguments: ChannelKind.allCases)
    func refused(kind: ChannelKind) async throws {
        let outcome = await deliver(try ChannelBench(kind), "refuse")
        #expect(outcome.isRefused, "\(outcome)")
        #expect(outcome.failure?.hint != nil)
    }

    @Test("fails on a busy server, for as long as that says", arguments: ChannelKind.allCases)
    func busy(kind: ChannelKind) async throws {
        let outcome = await deliver(try ChannelBench(kind), "busy")
        #expect(outcome.isFailed, "\(outcome)")
        #expect(outcome.retryAfterSeconds == (kind.isMail ? nil : 7))
    }

    @Test("does not trust an authority that nobody told it to trust", arguments: ChannelKind.encrypted)
    func unknownAuthority(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        bench.isTrusting = false
        let outcome = await deliver(bench)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("authority that is not trusted here") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("NOTIFICATION_CA_FILE") == true)
        #expect(try bench.peer.records().isEmpty)
    }

    @Test("does not trust a certificate for another host", arguments: ChannelKind.encrypted)
    func anotherHost(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind, name: "DNS:example.org")
        let outcome = await deliver(bench)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("is for another host") == true, "\(outcome)")
        #expect(try bench.peer.records().isEmpty)
    }

    @Test("does not trust a certificate that has expired", arguments: ChannelKind.encrypted)
    func expired(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind, days: -1)
        let outcome = await deliver(bench)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("has expired") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("clock") == true)
        #expect(try bench.peer.records().isEmpty)
    }

    @Test("takes a certificate for an address", arguments: ChannelKind.encrypted)
    func address(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind, name: "IP:127.0.0.1")
        bench.host = "127.0.0.1"
        #expect(await deliver(bench) == .delivered)
    }

    @Test("says when the file of authorities is none", arguments: ChannelKind.encrypted)
    func badAuthorities(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind)
        bench.authority.destroy()
        let outcome = await deliver(bench)
        #expect(outcome.isRefused)
        #expect(outcome.failure?.message.contains("certificate authorities") == true, "\(outcome)")
        #expect(outcome.failure?.hint?.contains("NOTIFICATION_CA_FILE") == true)
    }

    @Test("fails when a server without TLS answers", arguments: ChannelKind.encrypted)
    func noTLS(kind: ChannelKind) async throws {
        var bench = try ChannelBench(kind)
        let plain = kind.isMail ? try Peer.mail("plain") : try Peer.web()
        bench.port = plain.port
        let outcome = await deliver(bench)
        #expect(outcome.failure?.message.contains("TLS") == true, "\(outcome)")
        #expect(try plain.records().isEmpty)
    }

    @Test("looks at no proxy in the environment", arguments: [ChannelKind.webhook, .mailSTARTTLS])
    func noProxy(kind: ChannelKind) async throws {
        // Nothing is there. Set for this process alone, whose other tests need none either.
        for name in ["https_proxy", "http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:1", 1) }
        #expect(await deliver(try ChannelBench(kind)) == .delivered)
    }

    @Test("survives a server that hangs up while it is still told", arguments: [ChannelKind.webhook, .telegram])
    func hangsUp(kind: ChannelKind) async throws {
        let bench = try ChannelBench(kind)
        var message = AlertMessage.difficult
        message.problems = [
            AlertMessage.Problem(
                code: "long",
                level: .warning,
                message: String(repeating: "x", count: kind == .webhook ? 8 << 20 : 1)
            )
        ]
        // Where nobody cares for it, this signal ends the process.
        let before = signal(SIGPIPE, SIG_DFL)
        defer { signal(SIGPIPE, before) }
        let outcome = await bench.channel("deaf").deliver(message)
        withExtendedLifetime(bench) {}
        #expect(outcome.isFailed, "\(outcome)")
    }

    @Test("gives up within what a channel may take")
    func limits() {
        let limits = ChannelBench.defaultLimits
        #expect(limits.totalSeconds < AlertChannelLimits.seconds)
        #expect(limits.connectSeconds < limits.totalSeconds)
    }
}
