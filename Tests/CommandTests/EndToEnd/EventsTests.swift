import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// What an operator reads later, of the real daemon.
@Suite(.serialized)
struct EventsTests {
    private func events(_ daemon: DaemonUnderTest) async throws -> [JSONValue] {
        try await daemon.json("events", "--since", "1d")["events"]?.arrayValue ?? []
    }

    private func kinds(_ daemon: DaemonUnderTest) async throws -> [String] {
        try await events(daemon).compactMap { $0["kind"]?.stringValue }
    }

    @Test
    func `what happened is told in its order, and by whom`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let first = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        #expect(try await daemon.ctl("backups", "pin", first, "--reason", "before the move").status == 0)
        _ = try await daemon.backUpAndSettle()
        #expect(try await daemon.ctl("backups", "unpin", first).status == 0)
        #expect(try await daemon.ctl("backups", "delete", first).status == 0)
        try await onOwnThread { try scene.server.stop(.immediate) }
        daemon.expectError("can't be reached")
        daemon.expectError("backup failed")
        #expect(try await daemon.ctl("trigger-backup").status == 1)
        // Asking for the status makes the daemon ask the server.
        let isLost = try await eventually {
            _ = try await daemon.ctl("status")
            return try await kinds(daemon).contains("databaseLost")
        }
        #expect(isLost)
        try await onOwnThread { try scene.server.start() }
        let isBack = try await eventually(within: .seconds(90)) {
            _ = try await daemon.ctl("status")
            return try await kinds(daemon).contains("databaseBack")
        }
        #expect(isBack)

        daemon.expectError("the configuration was not taken")
        try daemon.configure(["POSTGRES_HOST": scene.server.socketDirectory, "BACKUP_SCHEDULE": "now and then"])
        #expect(try await daemon.ctl("reload").status == 1)
        try daemon.configure(["POSTGRES_HOST": scene.server.socketDirectory, "BACKUP_JITTER_SECONDS": "5"])
        #expect(try await daemon.ctl("reload").status == 0)
        let told = try await events(daemon)
        let failures = ["backupFailed", "databaseLost"]
        // Alerts come and go in their own time.
        #expect(
            try await kinds(daemon).filter { !failures.contains($0) && !$0.hasPrefix("alert") } == [
                "daemonStarted", "backupStored", "backupPinned", "backupStored", "backupUnpinned", "backupDeleted",
                "databaseBack", "configurationRefused", "configurationReloaded",
            ],
            "\(told)"
        )
        #expect(Set(try await kinds(daemon)).isSuperset(of: failures))
        let pin = try #require(told.first { $0["kind"]?.stringValue == "backupPinned" })
        let user = String(cString: getpwuid(geteuid()).pointee.pw_name)
        #expect(pin["message"]?.stringValue == "backup \(first) was pinned by \(user): before the move")
        #expect(pin["subject"]?.stringValue == first)
        let stored = try #require(told.first { $0["kind"]?.stringValue == "backupStored" })
        #expect(stored["details"]?["digest"]?.stringValue?.count == 64, "\(stored)")

        let some = try await daemon.json("events", "--kind", "backupStored", "--limit", "1")
        #expect(some["events"]?.arrayValue?.map { $0["kind"]?.stringValue } == ["backupStored"])
        let unknown = try await daemon.json("events", "--kind", "backupStord", exits: 1)
        #expect(unknown["error"]?["hint"]?.stringValue?.contains("backupStored") == true)
        let lines = try await daemon.ctl("events").output.split(separator: "\n")
        #expect(lines.count == told.count && lines[0].hasSuffix(" started"), "\(lines)")
        #expect(try await daemon.ctl("events", "--since", "soon").status == 2)
        #expect(try await daemon.ctl("events", "report").status == 2)
        try await scene.end()
    }

    @Test
    func `a daemon that was killed is told at the next start, one that was stopped is not`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        daemon.kill(SIGKILL)
        try await daemon.start()
        try await daemon.stop()
        try await daemon.start()
        #expect(
            try await kinds(daemon) == [
                "daemonStarted", "daemonDied", "daemonStarted", "daemonStopped", "daemonStarted",
            ]
        )
        try await scene.end()
    }

    @Test
    func `a follower sees what happens, and goes on when the daemon is back`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let (output, errors) = (daemon.folder.path("followed"), daemon.folder.path("followed.errors"))
        let program = try Programs.path("recyclicctl")
        let out = open(output, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let err = open(errors, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let follower = try Program.start(
            program,
            ["events", "--follow", "--json"],
            input: null,
            output: out,
            errors: err,
            environment: daemon.environment
        )
        for descriptor in [null, out, err] { close(descriptor) }
        defer {
            Glibc.kill(follower, SIGTERM)
            var status: Int32 = 0
            while waitpid(follower, &status, 0) == -1 && errno == EINTR {}
        }
        func followed() throws -> [JSONValue] {
            let text = try String(contentsOfFile: output, encoding: .utf8)
            return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        }
        func sees(_ kinds: [String]) async throws -> Bool {
            try await eventually { try followed().compactMap { $0["kind"]?.stringValue } == kinds }
        }
        #expect(try await sees(["daemonStarted"]))
        #expect(try await daemon.ctl("reload").status == 0)
        #expect(try await sees(["daemonStarted", "configurationReloaded"]))
        try await daemon.stop()
        let isTold = try await eventually {
            try String(contentsOfFile: errors, encoding: .utf8).contains("waiting until it is back")
        }
        #expect(isTold)
        try await daemon.start()
        #expect(try await sees(["daemonStarted", "configurationReloaded", "daemonStopped", "daemonStarted"]))
        #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("recyclicd is back"))
        let ids = try followed().compactMap { $0["id"]?.integerValue }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        try await scene.end()
    }

    @Test
    func `metrics and history come over the control socket, and a report is Markdown`() async throws {
        let scene = try await Scene.make(["HTTP_LISTEN": "none"])
        let daemon = scene.daemon
        try await daemon.backUp()
        #expect(try await daemon.ctl("drill").status == 0)
        var metrics = ""
        let isCollected = try await eventually(within: .seconds(90)) {
            metrics = try await daemon.ctl("metrics").output
            return metrics.contains("\nrecyclic_backups 1\n") && metrics.contains("recyclic_drill_last_verdict")
        }
        #expect(isCollected, "\(metrics)")
        let text = metrics
        let verdict = try await onOwnThread { try Program.run("promtool", ["check", "metrics"], input: text) }
        #expect(verdict.status == 0 && verdict.output + verdict.errors == "", "\(verdict)")
        #expect(try await daemon.json("metrics")["text"]?.stringValue?.contains("recyclic_health") == true)

        let history = try await daemon.json("history", "--days", "1")
        let bucket = try #require(history["buckets"]?.arrayValue?.last, "\(history)")
        #expect(history["by"]?.stringValue == "hour" && bucket["backups"]?.integerValue == 1, "\(history)")
        #expect(bucket["everythingExposed"]?.boolValue == true, "the first sample was taken before the backup")
        #expect(try await daemon.ctl("history").output.hasPrefix("DAY"))

        let report = try await daemon.ctl("events", "report", "--since", "1h")
        #expect(report.status == 0, "\(report.errors)")
        for part in [
            "# Incident report: ", "| backupStored |", "| drillPassed |", "1 stored, 0 failed", "**everything**",
        ]
        where !report.output.contains(part) {
            Issue.record("'\(part)' is missing in:\n\(report.output)")
        }
        let facts = try #require(try await daemon.json("events", "report", "--since", "1h")["report"])
        #expect(facts["drills"]?.arrayValue?.first?["verdict"]?.stringValue == "passed", "\(facts)")
        #expect(facts["jobs"]?.arrayValue?.isEmpty == false)
        try await scene.end()
    }
}
