import Foundation
import TestSupport
import Testing
import Varlink

/// The daemon's messages travel over every way, and its secrets over none.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct NotificationTests {
    private static let secrets = [
        "notification_smtp_password": "sm7p-s3cret", "notification_telegram_token": "4711:t3legram-s3cret",
        "notification_webhook_secret": "hm4c-s3cret",
    ]
    /// Part of the paths of URLs that are secrets themselves.
    private static let pathSecret = "p4th-s3cret"

    /// Everything that must not be seen.
    private static var hidden: [String] { secrets.values + [pathSecret] }

    private static func hold(_ text: String, _ what: String) {
        for secret in hidden { #expect(!text.contains(secret), "\(what) holds a secret") }
    }

    @Test
    func `pings that are refused are shown as failing, and are a reason of health`() async throws {
        let web = try Peer.web(token: "4711:x")
        let base = "http://localhost:\(web.port)"
        let daemon = try DaemonUnderTest([
            "POSTGRES_HOST": "/nonexistent", "NOTIFICATION_PING_URL": "\(base)/refuse/\(Self.pathSecret)",
        ])
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        let isShown = try await eventually {
            let reasons = try await daemon.json("status", exits: 5)["reasons"]?.arrayValue ?? []
            let reason = reasons.first { $0["code"]?.stringValue == "alertDelivery" }
            return reason?["level"]?.stringValue == "warning"
                && reason?["message"]?.stringValue?.hasPrefix("pings do not get through to \(base) since ") == true
        }
        #expect(isShown, "\(daemon.log)")
        let alerts = try await daemon.ctl("alerts")
        #expect(alerts.output.contains("ping \(base), failing since"), "\(alerts.output)")
        #expect(alerts.output.contains("nobody is told"), "\(alerts.output)")
        Self.hold(alerts.output + daemon.log, "alerts and the log")
        try await daemon.stop()
    }

    @Test
    func `each recipient is told over its own way, and no secret is seen anywhere`() async throws {
        let authority = try Authority()
        let certificate = try authority.certificate(for: "DNS:localhost")
        let token = try #require(Self.secrets["notification_telegram_token"])
        let web = try Peer.web(token: token, certificate: certificate)
        let mail = try Peer.mail(
            "starttls",
            user: "me@example.org",
            password: Self.secrets["notification_smtp_password"] ?? "",
            certificate: certificate
        )
        // Secrets come as systemd hands them over.
        let credentials = try TemporaryDirectory(prefix: "cr")
        for (name, secret) in Self.secrets {
            try Data("\(secret)\n".utf8).write(to: URL(filePath: credentials.path(name)))
        }
        let base = "https://localhost:\(web.port)"
        let daemon = try DaemonUnderTest(
            [
                "POSTGRES_HOST": "/nonexistent", "ALERT_PENDING_SECONDS": "0", "LOG_LEVEL": "trace",
                "NOTIFICATION_CA_FILE": authority.file,
                "NOTIFICATION_EMAIL": "'ok@example.org, refuse@example.org'",
                "NOTIFICATION_SMTP_URL": "smtp://me@example.org@localhost:\(mail.port)",
                "NOTIFICATION_TELEGRAM_CHAT_ID": "'-100,@a_channel'",
                "NOTIFICATION_TELEGRAM_API": "\(base)/ok",
                "NOTIFICATION_WEBHOOK_URL": "\(base)/ok/\(Self.pathSecret)?key=\(Self.pathSecret)",
                "NOTIFICATION_PING_URL": "\(base)/ok/ping-\(Self.pathSecret)",
                "NOTIFICATION_ESCALATION_EMAIL": "boss@example.org",
            ],
            variables: ["CREDENTIALS_DIRECTORY": credentials.path]
        )
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        let tried = try await daemon.json("alerts", "test", exits: 1)
        let results = tried["results"]?.arrayValue ?? []
        let outcomes = results.map { result in
            [result["channel"], result["recipient"], result["outcome"]].map { $0?.stringValue ?? "?" }
                .joined(separator: " ")
        }
        #expect(
            outcomes.sorted() == [
                "email boss@example.org delivered", "email ok@example.org delivered",
                "email refuse@example.org refused", "telegram -100 delivered", "telegram @a_channel delivered",
                "webhook \(base) delivered",
            ],
            "\(tried)"
        )
        // The database is not there: whoever waits for news that all is well hears that it is not.
        let isPinged = try await eventually {
            try web.records().contains { $0.path == "/ok/ping-\(Self.pathSecret)/fail" }
        }
        #expect(isPinged, "\(daemon.log)")
        let known = try await daemon.json("alerts")["recipients"]?.arrayValue ?? []
        let service = known.first { $0["list"]?.stringValue == "deadMan" }
        #expect(service?["channel"]?.stringValue == "ping" && service?["recipient"]?.stringValue == base, "\(known)")
        // Nothing but what was configured got messages.
        #expect(try mail.records().compactMap(\.user).allSatisfy { $0 == "me@example.org" })

        let process = try #require(daemon.pid)
        for file in ["cmdline", "comm", "status", "environ"] {
            let text = try String(decoding: Data(contentsOf: URL(filePath: "/proc/\(process)/\(file)")), as: UTF8.self)
            Self.hold(text, "/proc/\(process)/\(file)")
        }
        for command in [
            ["status"], ["alerts"], ["alerts", "list"], ["events"], ["metrics"], ["doctor"], ["jobs", "list"],
        ] {
            for options in [[], ["--json"]] {
                let result = try await daemon.ctl(command + options)
                Self.hold(result.output + result.errors, "\(command)")
            }
        }
        let check = try await daemon.offline("check-config")
        Self.hold(check.output + check.errors, "check-config")
        #expect(check.output.contains("smtp://localhost:\(mail.port)") && check.output.contains(base))
        for path in ["/metrics", "/healthz", "/readyz"] {
            let answer = try await onOwnThread { try HTTPProbe.get(.socket(daemon.httpSocket), path) }
            Self.hold("\(answer)", path)
        }
        try await daemon.stop()
        Self.hold(daemon.log, "the log")
        Self.hold("\(tried)", "the test's results")
        // What it remembers is no place for them either.
        for name in try FileManager.default.contentsOfDirectory(atPath: daemon.state) where name.contains("sqlite") {
            let bytes = try Data(contentsOf: URL(filePath: "\(daemon.state)/\(name)"))
            Self.hold(String(decoding: bytes, as: UTF8.self), name)
        }
    }
}
