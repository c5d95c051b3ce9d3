import Alerting
import Foundation
import Monitoring
import TestSupport
import Transfer

/// The kinds of channels that the conformance suite tries, each against a real server of its kind.
enum ChannelKind: String, CaseIterable, Sendable {
    case telegram, mailSTARTTLS, mailTLS, mailPlain, webhook, ping

    /// Whether it is mail.
    var isMail: Bool { [.mailSTARTTLS, .mailTLS, .mailPlain].contains(self) }

    /// Those that use TLS.
    static let encrypted = allCases.filter { $0 != .mailPlain }
}

/// A server, and channels that lead to it.
struct ChannelBench {
    /// What must not be seen anywhere.
    static let secrets = ["SeCrEt-ToKeN", "pass w\u{F6}rd/%41'\"@:s3cret", "S3cr3tPath", "hmac-s3cret"]
    static let token = "123456:\(secrets[0])"
    static let user = "me@example.org"

    let kind: ChannelKind
    let peer: Peer
    let authority: Authority
    /// The name by which channels know the server.
    var host = "localhost"
    /// Whether they trust the authority.
    var isTrusting = true
    /// Longer than the default, so that a slow machine fails no test.
    static let patientLimits = TransferLimits(connectSeconds: 20, totalSeconds: 60)
    var limits = patientLimits
    static let defaultLimits = TransferLimits()
    /// Where the server is thought to be.
    var port: Int

    /// - Parameters:
    ///   - name: The name in the server's certificate.
    ///   - days: How long that holds.
    init(_ kind: ChannelKind, name: String = "DNS:localhost", days: Int = 2) throws {
        self.kind = kind
        authority = try Authority()
        let certificate = try authority.certificate(for: name, days: days)
        peer =
            switch kind {
            case .telegram, .webhook, .ping: try .web(token: Self.token, certificate: certificate)
            case .mailSTARTTLS:
                try .mail("starttls", user: Self.user, password: Self.secrets[1], certificate: certificate)
            case .mailTLS: try .mail("tls", user: Self.user, password: Self.secrets[1], certificate: certificate)
            case .mailPlain: try .mail("plain")
            }
        port = peer.port
    }

    /// A channel to a server that behaves so: `ok`, `hang`, `close`, `refuse` or `busy`.
    func channel(_ behaviour: String = "ok") -> any AlertChannel {
        let transfer = Transfer(limits: limits, authoritiesFile: isTrusting ? authority.file : nil)
        let base = "https://\(host):\(port)"
        let login = MailSubmission.Login(user: Self.user, password: Self.secrets[1])
        switch kind {
        case .telegram:
            return TelegramChannel(
                chat: "-1001234567890",
                token: Self.token,
                api: "\(base)/\(behaviour)/",
                peer: base,
                transfer: transfer
            )
        case .webhook:
            return WebhookChannel(
                url: "\(base)/\(behaviour)/\(Self.secrets[2])?key=\(Self.secrets[2])",
                peer: base,
                secret: Self.secrets[3],
                transfer: transfer
            )
        case .ping:
            return PingAsChannel(
                sender: PingSender(url: "\(base)/\(behaviour)/\(Self.secrets[2])", peer: base, transfer: transfer)
            )
        case .mailSTARTTLS, .mailTLS, .mailPlain:
            let route = MailChannel.Route(
                host: host,
                port: port,
                security: kind == .mailTLS ? .implicitTLS : kind == .mailPlain ? .none : .startTLS,
                login: kind == .mailPlain ? nil : login,
                senderAddress: "backups@example.org"
            )
            return MailChannel(recipient: "\(behaviour)@example.org", route: route, transfer: transfer)
        }
    }
}

/// A dead-man service, as the conformance suite takes it.
private struct PingAsChannel: AlertChannel {
    let kind = "ping"
    let sender: PingSender
    var recipient: String { sender.recipient }

    func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
        await sender.send(message.level == .critical ? .bad : .good, state: message.subject)
    }
}

extension AlertMessage {
    /// One with everything that is hard to carry.
    static let difficult = AlertMessage(
        id: "a-1.2-3",
        kind: .problem,
        level: .critical,
        instance: "Ressourcerie \u{E9}t\u{E9} <1>",
        subject: "Critical: no backup since 25 h \u{2013} \u{1F6A8} <b>&amp;_*[x](y)",
        body: """
            Ressourcerie \u{E9}t\u{E9} <1> & co: \u{201C}nothing\u{201D} is *backed* _up_ `since` 25 h = too long \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}
            .a line that begins with a period, and ends in a space\u{20}
            From here on it is a line of more than seventy-six characters, with \u{E0}\u{E8}\u{FC} in it: \
            \(String(repeating: "abc \u{E9} ", count: 30))

            .
            What to run:

                recyclicctl status --json | grep '"level"' && echo <ok>

            Fin \u{FF}\u{10FFFD}.
            """,
        problems: [
            Problem(
                code: "backupTooOld",
                level: .critical,
                message: "the last backup is 25 h old",
                since: Date(timeIntervalSince1970: 1_795_791_961),
                hint: "Run recyclicctl trigger-backup."
            )
        ],
        createdAt: Date(timeIntervalSince1970: 1_795_805_161)
    )
}

extension DeliveryOutcome {
    /// What went wrong, in words.
    var failure: DeliveryFailure? {
        switch self {
        case .delivered: nil
        case .failed(let failure, _), .refused(let failure): failure
        }
    }

    var isFailed: Bool { if case .failed = self { true } else { false } }

    var isRefused: Bool { if case .refused = self { true } else { false } }

    var retryAfterSeconds: Double? {
        if case .failed(_, let seconds) = self { seconds } else { nil }
    }
}
