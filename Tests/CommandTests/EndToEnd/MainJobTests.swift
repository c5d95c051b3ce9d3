import Foundation
import TestSupport
import Testing
import Varlink

/// The main job as an operator does it, with the real programs and a real server.
@Suite(.serialized)
struct MainJobTests {
    @Test
    func `from setup to a proved backup, a second small one, and a restore with the same rows`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon

        let before = try await daemon.ctl("status")
        #expect([4, 5].contains(before.status), "\(before.output)\(before.errors)")
        #expect(before.output.contains("no backup has ever succeeded"))
        let role = try await onOwnThread {
            try scene.server.psql(
                "SELECT rolsuper, rolreplication, rolcanlogin FROM pg_roles WHERE rolname = 'recyclic'"
            )
        }
        #expect(role == "f|t|t")

        let first = try await daemon.ctl("trigger-backup")
        #expect(first.status == 0, "\(first.output)\(first.errors)")
        #expect(first.output.contains("stored 20"))
        let list = try await daemon.json("backups", "list")
        let backup = try #require(list["backups"]?.arrayValue?.first)
        let keys = Set(backup.objectValue?.keys.map { $0 } ?? [])
        let promised: Set = [
            "id", "kind", "cluster", "startedAt", "finishedAt", "logicalBytes", "storedBytes", "addedBytes", "pinned",
            "findings",
        ]
        #expect(promised.isSubset(of: keys), "missing: \(promised.subtracting(keys))")
        let id = try #require(list.backupIDs.first)
        #expect(try #require(id.wholeMatch(of: /\d{8}T\d{6}Z-base/)).output.count == 21)
        #expect(try await daemon.ctl("backups").output.contains(id))
        let details = try #require(try await daemon.json("backups", "show", id)["details"])
        #expect(details["dataChecksums"]?.boolValue == true)
        #expect(details["superusers"]?.arrayValue?.contains("postgres") == true)
        #expect(try await daemon.ctl("backups", "show", "latest").output.contains(id))
        let fileName = try #require(backup["fileName"]?.stringValue)
        #expect(try await daemon.ctl("backups", "show", fileName).status == 0)

        #expect(try await daemon.ctl("verify").status == 0)
        let report = try #require(try await daemon.json("verify", "latest", "--full")["report"])
        #expect(report["ok"]?.boolValue == true)
        #expect(report["full"]?.boolValue == true)

        let drill = try #require(try await daemon.json("drill")["report"])
        #expect(drill["verdict"]?.stringValue == "passed", "\(drill)")
        let phases = drill["phases"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(phases == ["restore", "scan", "boot", "replay", "checks", "stop", "checksums"])
        let shown = try await daemon.ctl("drill", "show")
        #expect(shown.status == 0 && shown.output.contains("passed"), "\(shown.output)\(shown.errors)")

        try await onOwnThread {
            try scene.server.execute(
                "UPDATE ticket SET text = text || ' weighed' WHERE id % 100 = 0",
                database: "recyclic"
            )
        }
        let second = try await daemon.backUp()
        let (added, stored) = (second["addedBytes"]?.integerValue, backup["addedBytes"]?.integerValue)
        #expect(try #require(added) * 4 < #require(stored))
        let expected = try await Scene.fingerprint(scene.server)
        #expect(try await scene.fingerprint(restoring: "latest") == expected)

        let health = try await daemon.ctl("status")
        #expect(health.status == 0, "\(health.output)\(health.errors)")
        try await scene.end()
    }

    @Test
    func `backups are pinned, planned for, and deleted, but never a pinned or the only one`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let first = try #require(try await daemon.backUp()["id"]?.stringValue)

        let only = try await daemon.json("backups", "delete", first, exits: 1)
        #expect(only["error"]?["message"]?.stringValue == "backup \(first) is the only one")
        #expect(only["error"]?["hint"]?.stringValue?.contains("trigger-backup") == true)

        let pinned = try await daemon.json("backups", "pin", first, "--reason", "before the move")
        #expect(pinned["backup"]?["pinned"]?.boolValue == true)
        #expect(pinned["backup"]?["pinReason"]?.stringValue == "before the move")
        let essay = try await daemon.json(
            "backups",
            "pin",
            first,
            "--reason",
            String(repeating: "x", count: 501),
            exits: 1
        )
        #expect(essay.errorCode == "invalidArgument")
        let red = try await daemon.json("backups", "pin", first, "--reason", "\u{1B}[31m", exits: 1)
        #expect(red.errorCode == "invalidArgument")
        let second = try #require(try await daemon.backUp()["id"]?.stringValue)
        let refused = try await daemon.ctl("backups", "delete", first)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("is pinned") && refused.errors.contains("backups unpin \(first)"))

        let plan = try await daemon.json("retention", "plan")
        let decisions = plan["decisions"]?.arrayValue ?? []
        #expect(decisions.count == 2 && decisions.allSatisfy { $0["keep"]?.boolValue == true }, "\(plan)")
        #expect(decisions.allSatisfy { $0["reasons"]?.arrayValue?.isEmpty == false })

        // Of one day only the newest backup stays; until it is unpinned the first one does too.
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        #expect(try await daemon.json("backups").backupIDs == [second, first])
        #expect(try await daemon.ctl("backups", "unpin", first).status == 0)
        let dropped = try await daemon.json("retention", "plan")["decisions"]?.arrayValue
        #expect(dropped?.first { $0["backup"]?.stringValue == first }?["keep"]?.boolValue == false)
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        #expect(try await daemon.json("backups").backupIDs == [second])
        try await daemon.expectAllIsGood()

        let third = try #require(try await daemon.backUp()["id"]?.stringValue)
        _ = try await daemon.ctl("retention", "apply")
        #expect(try await daemon.json("backups").backupIDs == [third])
        try await scene.end()
    }

    @Test
    func `jobs are listed, shown and followed, and what is not there is named`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let job = try await daemon.begin("trigger-backup")
        let watched = try await daemon.ctl("jobs", "watch", job)
        #expect(watched.status == 0, "\(watched.output)\(watched.errors)")
        let jobs = try await daemon.json("jobs", "list")["jobs"]?.arrayValue ?? []
        #expect(jobs.contains { $0["id"]?.stringValue == job && $0["state"]?.stringValue == "succeeded" })
        #expect(try await daemon.json("jobs", "--limit", "1")["jobs"]?.arrayValue?.count == 1)
        let shown = try await daemon.ctl("jobs", "show", job)
        #expect(shown.status == 0 && shown.output.contains(job))

        for arguments in [
            ["backups", "show", "20200101T000000Z-base"], ["verify", "20200101T000000Z-base"],
            ["drill", "20200101T000000Z-base"], ["jobs", "show", "j4711"], ["drill", "show", "d4711"],
        ] {
            let result = try await daemon.ctl(arguments)
            #expect(result.status == 1, "\(arguments): \(result.output)\(result.errors)")
            #expect(result.errors.contains("no ") && result.output.isEmpty, "\(arguments): \(result.errors)")
            let json = try await daemon.ctl(arguments + ["--json"])
            #expect(try JSONValue(parsing: json.output).errorCode == "notFound", "\(json.output)")
        }
        #expect(try await daemon.json("jobs", "show", "backup7", exits: 1).errorCode == "invalidArgument")
        #expect(try await daemon.json("jobs", "cancel", job, exits: 1).errorCode == "invalidArgument")

        _ = try await daemon.ctl("backups", "pin", "latest")
        try await daemon.backUp()
        let ambiguous = try await daemon.ctl("backups", "show", "2")
        #expect(ambiguous.status == 1)
        #expect(ambiguous.errors.contains("\"2\"") || ambiguous.errors.contains("'2'"), "\(ambiguous.errors)")
        try await scene.end()
    }

    @Test
    func `a changed configuration is taken, and a bad one leaves the old settings in force`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let host = scene.server.socketDirectory
        #expect(try await daemon.ctl("reload").output.contains("nothing changed"))

        try daemon.configure(["POSTGRES_HOST": host, "RETENTION_DAILY": "3"])
        let good = try await daemon.json("reload")
        #expect(good["changed"]?.arrayValue?.contains("retention") == true, "\(good)")
        let policy = try await daemon.json("retention")["policy"]?.stringValue
        #expect(policy?.contains("3") == true, "\(policy ?? "")")

        try daemon.configure(["POSTGRES_HOST": host, "RETENTION_DAILY": "many"])
        daemon.expectError("RETENTION_DAILY")
        let bad = try await daemon.ctl("reload")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("RETENTION_DAILY") && bad.errors.contains("recyclicd.env"), "\(bad.errors)")
        daemon.kill(SIGHUP)
        let isLogged = try await eventually { daemon.log.contains("RETENTION_DAILY") }
        #expect(isLogged)
        #expect(try await daemon.json("retention")["policy"]?.stringValue == policy)
        try await scene.end()
    }

    @Test
    func `doctor finds nothing wrong on a good server and names what is wrong on a bad one`() async throws {
        // A server that does not sync is one of the things doctor finds wrong.
        let scene = try await Scene.make(syncs: true)
        let good = try await scene.daemon.ctl("doctor")
        #expect(good.status == 0, "\(good.output)\(good.errors)")
        try await onOwnThread { try scene.server.execute("ALTER ROLE recyclic NOREPLICATION") }
        let bad = try await scene.daemon.ctl("doctor")
        #expect(bad.status == 1)
        #expect(bad.output.contains("ALTER ROLE") && bad.output.contains("REPLICATION"), "\(bad.output)")
        let failed = try await scene.daemon.ctl("trigger-backup")
        #expect(failed.status == 1)
        scene.daemon.expectError("backup failed")
        #expect((failed.output + failed.errors).contains("ALTER ROLE"), "\(failed.output)\(failed.errors)")
        try await scene.end()
    }

    @Test
    func `usage errors end with 2, a daemon that is not there with 3, and nothing is coloured in a pipe`() async throws
    {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        for arguments in [
            ["frobnicate"], ["backups", "show"], ["jobs", "--limit", "0"], ["status", "--socket", ""],
            ["verify", "--instance", "a/b"], ["restore", "latest"],
        ] {
            let result = try await daemon.ctl(arguments)
            #expect(result.status == 2, "\(arguments): \(result.output)\(result.errors)")
            #expect(result.errors.contains("Usage:"), "\(arguments): \(result.errors)")
        }
        let wrongKind = try await daemon.ctl("trigger-backup", "--kind", "everything")
        #expect([1, 2].contains(wrongKind.status) && wrongKind.errors.contains("everything"))

        try await daemon.backUp()
        for arguments in [
            ["status"], ["backups"], ["jobs"], ["verify", "--full"], ["doctor"], ["retention"], ["--help"],
        ] {
            let result = try await daemon.ctl(arguments)
            #expect(!(result.output + result.errors).contains("\u{1B}"), "\(arguments)")
        }
        try await daemon.stop()
        let result = try await daemon.ctl("status")
        #expect(result.status == 3)
        #expect(result.errors.contains("is not running") && result.errors.contains("systemctl start recyclicd"))
        #expect(try await daemon.json("jobs", exits: 3).errorCode == "notRunning")
        // Restoring and verifying go on without it.
        #expect(try await daemon.offline("verify").status == 0)
        let target = try TemporaryDirectory(prefix: "rr")
        let preview = try await daemon.ctl(
            "restore",
            "latest",
            "--to",
            target.path("data"),
            "--config",
            daemon.configuration,
            "--preview"
        )
        #expect(preview.status == 0, "\(preview.errors)")
        try await scene.end()
    }
}
