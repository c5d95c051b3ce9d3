import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// People are told, by the real daemon, over a real way.
@Suite(.serialized)
struct AlertTests {
    /// A database that is not there, of which people are told after two seconds.
    private static func settings(_ peer: AlertPeer) -> [String: String] {
        [
            "POSTGRES_HOST": "/nonexistent", "ALERT_PENDING_SECONDS": "2",
            "NOTIFICATION_WEBHOOK_URL": "\(peer.url)/hook", "INSTANCE_NAME": "Recyclerie Nord",
            "EMERGENCY_CONTACTS": "Anna, 01 23 45 67 89",
        ]
    }

    private static func alone(_ peer: AlertPeer, _ more: [String: String] = [:]) throws -> DaemonUnderTest {
        let daemon = try DaemonUnderTest(settings(peer).merging(more) { $1 })
        daemon.expectError("the server can't be reached")
        return daemon
    }

    @Test
    func `a database that goes is told with what to do, and so is that it came back, to the same`() async throws {
        let peer = try await AlertPeer.started()
        var settings = Self.settings(peer)
        settings["POSTGRES_HOST"] = nil
        settings["NOTIFICATION_LANGUAGE"] = "fr"
        let scene = try await Scene.make(settings)
        let (server, daemon) = (scene.server, scene.daemon)
        daemon.expectError("the server can't be reached")
        try await daemon.backUp()
        try await onOwnThread { try server.stop(.immediate) }
        let problem = try #require(
            try await peer.first { $0.kind == "problem" && $0.codes.contains("databaseUnreachable") },
            "\(daemon.log)"
        )
        #expect(problem.body["level"]?.stringValue == "critical")
        for part in ["Recyclerie Nord", "base de données injoignable", "recyclicctl doctor", "Anna, 01 23 45 67 89"] {
            let text = (problem.body["subject"]?.stringValue ?? "") + problem.text
            #expect(text.contains(part), "\(part): \(text)")
        }
        let alerts = try await daemon.json("alerts", "list")["alerts"]?.arrayValue ?? []
        let alert = try #require(alerts.first { $0["code"]?.stringValue == "databaseUnreachable" })
        #expect(alert["state"]?.stringValue == "firing")
        let status = try await daemon.ctl("status")
        #expect(status.output.contains("databaseUnreachable: firing, told webhook \(peer.url)"), "\(status.output)")
        let metrics = try await daemon.json("metrics")["text"]?.stringValue ?? ""
        #expect(metrics.contains("recyclic_alerts{state=\"firing\",level=\"critical\"} 1"), "\(metrics)")
        #expect(metrics.contains(#"recyclic_alert_deliveries_total{channel="email",outcome="failed"} 0"#))

        try await onOwnThread { try server.start() }
        let end = try await peer.first { $0.kind == "resolved" && $0.codes.contains("databaseUnreachable") }
        #expect(end != nil, "\(daemon.log)")
        let number = try #require(alert["id"]?.stringValue)
        let shown = try await daemon.json("alerts", "show", number)
        #expect(shown["alert"]?["state"]?.stringValue == "resolved")
        #expect(shown["deliveries"]?.arrayValue?.count == 2)
        let kinds = try await daemon.json("events")["events"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []
        #expect(kinds.contains("alertFired") && kinds.contains("alertResolved"))
        try await scene.end()
    }

    @Test
    func `a daemon that is killed while it delivers sends the message again, with the same id`() async throws {
        let peer = try await AlertPeer.started(.hang)
        let daemon = try Self.alone(peer)
        try await daemon.start()
        let first = try #require(try await peer.first { $0.kind == "problem" }, "\(daemon.log)")
        daemon.kill(SIGKILL)
        try peer.answer(.good)
        try await daemon.start()
        let isRepeated = try await eventually {
            try peer.messages.count { $0.id == first.id } == 2
        }
        #expect(isRepeated, "\(daemon.log)")
        let isDelivered = try await eventually {
            let shown = try await daemon.json("alerts", "show", "databaseUnreachable")
            return shown["deliveries"]?.arrayValue?.first?["state"]?.stringValue == "delivered"
        }
        #expect(isDelivered)
        // No storm: the same problem is no news after a restart.
        try await daemon.stop()
        try await daemon.start()
        _ = try await eventually(within: .seconds(8)) { try peer.messages.count > 2 }
        #expect(try peer.messages.count == 2)
        try await daemon.stop()
    }

    @Test
    func `a state directory that is full is told, and so is everything else`() async throws {
        let peer = try await AlertPeer.started()
        let elsewhere = try TemporaryDirectory(prefix: "rd")
        let daemon = try Self.alone(
            peer,
            ["BACKUP_REPOSITORY": elsewhere.path("repository"), "ALERT_PENDING_SECONDS": "15"]
        )
        try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
        let himself = geteuid() == 0 ? "" : "unshare -U --map-user=\(geteuid()) --map-group=\(getegid())"
        try await daemon.start(under: [
            "unshare", geteuid() == 0 ? "-m" : "-Urm", "sh", "-c",
            """
            mount -t tmpfs -o size=8m tmpfs '\(daemon.state)' || exit
            (while ! [ -e '\(elsewhere.path("full"))' ]; do kill -0 $$ || exit; sleep 0.1; done
                cat /dev/zero > '\(daemon.state)/filling') 2>&- &
            exec \(himself) "$0" "$@"
            """,
        ])
        #expect(FileManager.default.createFile(atPath: elsewhere.path("full"), contents: nil))
        let told = try await peer.first { $0.codes.contains("databaseUnreachable") }
        #expect(told != nil, "\(daemon.log)")
        let state = try await peer.first(within: .seconds(200)) { $0.codes.contains("stateNotPersistent") }
        #expect(state != nil, "\(daemon.log)")
        #expect(state?.id != told?.id)
        daemon.kill(SIGKILL)
    }

    @Test
    func `who acknowledges is not reminded, who silences is not told, and both are recorded`() async throws {
        let peer = try await AlertPeer.started()
        let daemon = try Self.alone(peer)
        try await daemon.start()
        let silence = try await daemon.json(
            "alerts",
            "silence",
            "noOffsiteCopy",
            "--for",
            "2h",
            "--reason",
            "being set up"
        )["silence"]
        #expect(silence?["code"]?.stringValue == "noOffsiteCopy" && silence?["id"]?.stringValue == "s1")
        _ = try #require(try await peer.first { $0.kind == "problem" }, "\(daemon.log)")
        let known = try await daemon.ctl("alerts", "ack", "DATABASEunreachable", "--reason", "on my way")
        #expect(known.status == 0 && known.output.contains("(databaseUnreachable)"), "\(known)")
        let shown = try await daemon.ctl("alerts", "show", "databaseUnreachable")
        #expect(shown.output.contains("acknowledged") && shown.output.contains("on my way"), "\(shown.output)")
        let list = try await daemon.ctl("alerts")
        #expect(list.output.contains("s1: noOffsiteCopy is silenced until"), "\(list.output)")
        #expect(try await daemon.json("alerts", "unsilence", "s1")["silences"]?.arrayValue?.count == 1)
        #expect(try await daemon.json("alerts", "unsilence", "s1", exits: 1).errorCode == "notFound")
        #expect(try await daemon.json("alerts", "ack", "backupAge", exits: 1).errorCode == "notFound")
        #expect(try await daemon.json("alerts", "show", "nonsense", exits: 1).errorCode == "invalidArgument")
        let long = try await daemon.json("alerts", "silence", "all", "--for", "8d", "--reason", "x", exits: 1)
        #expect(long.errorCode == "invalidArgument")
        let wrong = try await daemon.ctl("alerts", "silence", "all", "--for", "soon", "--reason", "x")
        #expect(wrong.status == 2 && wrong.errors.contains("30m, 2h or 3d"), "\(wrong)")
        let kinds = try await daemon.json("events")["events"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []
        for kind in ["alertFired", "alertAcknowledged", "alertSilenced", "alertUnsilenced"] {
            #expect(kinds.contains(kind), "\(kinds)")
        }
        try await daemon.stop()
    }

    @Test
    func `a test tries every way and fails when one does, and without a way says what to set`() async throws {
        let peer = try await AlertPeer.started()
        let other = try await AlertPeer.started(.refuse)
        let daemon = try Self.alone(
            peer,
            [
                "ALERT_PENDING_SECONDS": "3600", "NOTIFICATION_ESCALATION_TELEGRAM_CHAT_ID": "-100",
                "NOTIFICATION_TELEGRAM_TOKEN": "1:secret", "NOTIFICATION_TELEGRAM_API": other.url,
            ]
        )
        try await daemon.start()
        let bad = try await daemon.json("alerts", "test", exits: 1)["results"]?.arrayValue ?? []
        #expect(bad.map { $0["outcome"]?.stringValue } == ["delivered", "refused"], "\(bad)")
        #expect(bad.last?["list"]?.stringValue == "escalation")
        #expect(try peer.messages.map(\.kind) == ["test"])
        try other.answer(.good)
        let good = try await daemon.ctl("alerts", "test")
        #expect(good.status == 0 && good.output.contains("telegram -100 (escalation)"), "\(good)")
        #expect(!(daemon.log + good.output).contains("secret"))

        try daemon.configure(["POSTGRES_HOST": "/nonexistent"])
        #expect(try await daemon.ctl("reload").status == 0)
        let none = try await daemon.json("alerts", "test", exits: 1)
        #expect(none.errorCode == "noChannels" && none["error"]?["hint"]?.stringValue?.contains("reload") == true)
        let doctor = try await daemon.ctl("doctor")
        #expect(doctor.output.contains("nobody is told"), "\(doctor.output)")
        try await daemon.stop()
    }

    @Test
    func `a critical problem goes to the second list when nobody acknowledged it, and a dead channel is told`()
        async throws
    {
        let peer = try await AlertPeer.started(.refuse)
        let second = try await AlertPeer.started()
        let daemon = try Self.alone(
            peer,
            [
                "ALERT_ESCALATION_MINUTES": "0", "NOTIFICATION_ESCALATION_TELEGRAM_CHAT_ID": "-100",
                "NOTIFICATION_TELEGRAM_TOKEN": "1:secret", "NOTIFICATION_TELEGRAM_API": second.url,
            ]
        )
        try await daemon.start()
        let told = try await second.first { $0.text.contains("database") }
        #expect(told != nil, "\(daemon.log)")
        let dead = try await second.first {
            $0.text.contains("alerts do not get through") || $0.text.contains("Alerts do not")
        }
        #expect(dead != nil, "\(daemon.log)")
        #expect(try await daemon.ctl("status").output.contains("failing since"))
        try await daemon.stop()
    }

    @Test
    func `a digest that was missed while the daemon was off is made up for once`() async throws {
        let peer = try await AlertPeer.started()
        let scene = try await Scene.make(["NOTIFICATION_WEBHOOK_URL": "\(peer.url)/hook"])
        let daemon = scene.daemon
        try await daemon.backUp()
        let isScheduled = try await eventually {
            try await daemon.executeInState("SELECT value FROM key_values WHERE name = 'digestSchedule'") != ""
        }
        #expect(isScheduled)
        try await daemon.stop()
        try await daemon.executeInState("UPDATE key_values SET value = '700000000' WHERE name = 'digestScheduleSince'")
        try await daemon.start()
        let digest = try #require(try await peer.first { $0.kind == "digest" }, "\(daemon.log)")
        let name = try await daemon.json("backups")["backups"]?.arrayValue?.first?["fileName"]?.stringValue ?? ""
        #expect(digest.text.contains(name.suffix(64)) && digest.text.contains("1 backup, 1 of them"), "\(digest.text)")
        try await daemon.stop()
        try await daemon.start()
        _ = try await eventually(within: .seconds(12)) { try peer.messages.count { $0.kind == "digest" } > 1 }
        #expect(try peer.messages.count { $0.kind == "digest" } == 1)
        try await scene.end()
    }
}
