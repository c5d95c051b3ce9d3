import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// Dumps as an operator takes them, with the real programs and a real server.
@Suite(.serialized)
struct DumpJobTests {
    @Test
    func `each database is dumped, listed with its name, verified, and can be deleted`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        try await onOwnThread { try scene.server.execute("CREATE DATABASE \"Déchèterie, nord\"") }
        let base = try #require(try await daemon.backUp()["id"]?.stringValue)
        let output = try await daemon.json("trigger-backup", "--kind", "dump")
        #expect(output["job"]?["kind"]?.stringValue == "dump" && output["job"]?["state"]?.stringValue == "succeeded")
        let dumps = try #require(output["backups"]?.arrayValue)
        #expect(dumps.allSatisfy { $0["kind"]?.stringValue == "dump" })
        let names = Set(dumps.compactMap { $0["database"]?.stringValue })
        #expect(names == ["postgres", "recyclic", "Déchèterie, nord"])
        let list = try await daemon.ctl("backups")
        #expect(list.output.contains("database Déchèterie, nord") && list.output.contains(base), "\(list.output)")
        let id = try #require(dumps.first { $0["database"]?.stringValue == "recyclic" }?["id"]?.stringValue)
        #expect(try #require(id.wholeMatch(of: /\d{8}T\d{6}Z-dump/)).output.count == 21)
        let shown = try await daemon.ctl("backups", "show", id)
        #expect(
            shown.status == 0 && shown.output.contains("recyclic") && !shown.output.contains("WAL"),
            "\(shown.output)"
        )
        try await daemon.expectAllIsGood()
        #expect(try await daemon.ctl("verify", id).status == 0)

        // Neither kind takes the other's place.
        _ = try await daemon.backUpAndSettle()
        let kept = try await daemon.json("backups").backupIDs
        let taken = Set(dumps.compactMap { $0["id"]?.stringValue })
        #expect(taken.subtracting(kept).isEmpty, "\(kept)")
        #expect(try await daemon.ctl("backups", "delete", id).status == 0)
        #expect(try await !daemon.json("backups").backupIDs.contains(id))
        let wrong = try await daemon.json("trigger-backup", "--kind", "snapshot", exits: 1)
        #expect(wrong["error"]?["message"]?.stringValue?.contains("base and dump") == true, "\(wrong)")
        try await scene.end()
    }

    @Test
    func `a database that can't be dumped is named, and keeps no other from being dumped`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic, gone, closed"])
        let daemon = scene.daemon
        try await onOwnThread {
            try scene.server.execute("CREATE DATABASE closed")
            try scene.server.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
        }
        daemon.expectError("dump failed")
        let failed = try await daemon.ctl("trigger-backup", "--kind", "dump")
        #expect(failed.status == 1)
        #expect(failed.output.contains("\"gone\"") && failed.output.contains("\"closed\""), "\(failed.output)")
        #expect(
            failed.output.contains("1 of 3 databases were dumped") && failed.output.contains("stored 20"),
            "\(failed.output)"
        )
        let backups = try await daemon.json("backups")["backups"]?.arrayValue ?? []
        #expect(backups.map { $0["database"]?.stringValue } == ["recyclic"])
        try await scene.end()
    }

    @Test
    func `a database that lets nobody in, or not the role, is left out and told as not protected`() async throws {
        let scene = try await Scene.make(["BACKUP_METHOD": "dump"])
        let daemon = scene.daemon
        try await onOwnThread {
            try scene.server.execute("CREATE DATABASE \"for others\"")
            try scene.server.execute("REVOKE CONNECT ON DATABASE \"for others\" FROM PUBLIC")
            try scene.server.execute("CREATE DATABASE closed ALLOW_CONNECTIONS false")
        }
        let output = try await daemon.json("trigger-backup")
        #expect(output["job"]?["state"]?.stringValue == "succeeded", "\(output)")
        #expect(output["backups"]?.arrayValue?.count == 2)
        let warnings = output["job"]?["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(warnings.contains { $0.contains("GRANT CONNECT ON DATABASE \"for others\"") }, "\(warnings)")
        #expect(warnings.contains { $0.contains("\"closed\", which accepts no connections") }, "\(warnings)")
        let status = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        let protection = status["protection"]?.stringValue ?? ""
        #expect(protection.contains("only \"postgres\", \"recyclic\""), "\(protection)")
        #expect(
            protection.contains("Not protected: database \"for others\"") && protection.contains("\"closed\""),
            "\(protection)"
        )
        // Who looks at health, metrics or alerts alone learns of it as well.
        let reason = try #require(Self.leftOut(status))
        #expect(reason["level"]?.stringValue == "warning")
        #expect(
            reason["hint"]?.stringValue?.contains("GRANT CONNECT ON DATABASE \"for others\" TO") == true,
            "\(reason)"
        )
        let isTold = try await eventually {
            let metrics = try await daemon.ctl("metrics").output
            let alerts = try await daemon.ctl("alerts", "list", "--json").output
            return metrics.contains("recyclic_health_reason{code=\"databaseLeftOut\"} 1")
                && alerts.contains("\"databaseLeftOut\"")
        }
        #expect(isTold, "\(daemon.log)")
        try await onOwnThread {
            try scene.server.execute("GRANT CONNECT ON DATABASE \"for others\" TO PUBLIC")
            try scene.server.execute("ALTER DATABASE closed ALLOW_CONNECTIONS true")
        }
        #expect(try await daemon.ctl("trigger-backup").status == 0)
        let after = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        #expect(after["reasons"] != nil && Self.leftOut(after) == nil, "\(after)")
        try await scene.end()
    }

    @Test
    func `a second request joins a running dump, and cancelling ends it and what the server does for it`() async throws
    {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let daemon = scene.daemon
        let holder = try await onOwnThread { try TableHolder("ticket", of: scene.server) }
        let job = try await daemon.begin("trigger-backup", "--kind", "dump")
        async let joined = daemon.json("trigger-backup", "--kind", "dump", exits: 1)
        try await onOwnThread { try scene.server.waitUntil(Self.isWaiting) }
        let cancelled = try await daemon.json("jobs", "cancel", job)
        #expect(cancelled["job"]?["state"]?.stringValue == "cancelled", "\(cancelled)")
        #expect(try await joined["job"]?["id"]?.stringValue == job)
        try await onOwnThread {
            try scene.server.waitUntil(
                "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2'"
            )
            holder.release()
        }
        #expect(try await daemon.ctl("trigger-backup", "--kind", "dump").status == 0)
        try await scene.end()
    }

    @Test
    func `a dump cancelled half-way keeps what it stored, and what follows on a backup follows`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "postgres,recyclic", "VERIFY_SCHEDULE": "after-backup"])
        let daemon = scene.daemon
        let holder = try await onOwnThread { try TableHolder("ticket", of: scene.server) }
        let job = try await daemon.begin("trigger-backup", "--kind", "dump")
        try await onOwnThread { try scene.server.waitUntil(Self.isWaiting) }
        let cancelled = try await daemon.json("jobs", "cancel", job)
        try await onOwnThread { holder.release() }
        let stored = try await daemon.json("backups").backupIDs
        #expect(stored.count == 1)
        #expect(cancelled["job"]?["state"]?.stringValue == "cancelled", "\(cancelled)")
        let shown = try await daemon.json("jobs", "show", job)
        #expect(shown["job"]?["backup"]?.stringValue == stored.first, "\(shown)")
        let events = try await daemon.json("events", "--since", "1d")["events"]?.arrayValue ?? []
        let kinds = events.compactMap { $0["kind"]?.stringValue }
        #expect(kinds.filter { $0.hasPrefix("backup") } == ["backupStored", "backupCancelled"], "\(kinds)")
        let isFollowed = try await eventually {
            let jobs = try await daemon.json("jobs", "list")["jobs"]?.arrayValue ?? []
            let after = jobs.filter { $0["requestedBy"]?.stringValue == "after \(job)" }
            return Set(after.compactMap { $0["kind"]?.stringValue }) == ["verify", "retention"]
                && after.allSatisfy { $0["state"]?.stringValue == "succeeded" }
        }
        let jobs = try await daemon.ctl("jobs", "list").output
        #expect(isFollowed, "\(jobs)\(daemon.log)")
        try await scene.end()
    }

    @Test
    func `killed in a dump, the daemon takes pg_dump with it, and the next dump goes well`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let daemon = scene.daemon
        let holder = try await onOwnThread { try TableHolder("ticket", of: scene.server) }
        let job = try await daemon.begin("trigger-backup", "--kind", "dump")
        try await onOwnThread { try scene.server.waitUntil(Self.isWaiting) }
        daemon.kill(SIGKILL)
        try await onOwnThread {
            try scene.server.waitUntil(
                "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2'"
            )
            holder.release()
        }
        try await daemon.start()
        #expect(try await daemon.json("jobs", "show", job)["job"]?["state"]?.stringValue == "interrupted")
        #expect(try await daemon.json("backups").backupIDs.isEmpty)
        #expect(try await daemon.ctl("trigger-backup", "--kind", "dump").status == 0)
        try await daemon.expectAllIsGood()
        try await scene.end()
    }

    /// The reason that databases are left out.
    private static func leftOut(_ status: JSONValue) -> JSONValue? {
        status["reasons"]?.arrayValue?.first { $0["code"]?.stringValue == "databaseLeftOut" }
    }

    private static let isWaiting =
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2' AND wait_event_type = 'Lock'"
}
