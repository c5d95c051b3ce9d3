import Foundation
import TestSupport
import Testing
import Varlink

/// Servers that let nobody take base backups, and the schedules of dumps.
@Suite(.serialized)
struct DumpMethodTests {
    @Test
    func `without REPLICATION the daemon dumps each database by itself, and says what that means`() async throws {
        let server = try await PrivatePostgres.started()
        let daemon = try DaemonUnderTest([
            "POSTGRES_HOST": server.socketDirectory, "BACKUP_ON_FIRST_START": "true", "DUMP_DATABASES": "recyclic",
            "BACKUP_SCHEDULE": "daily 02:00",
        ])
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        try await onOwnThread { try server.execute("ALTER ROLE recyclic NOREPLICATION") }
        try daemon.configure([
            "POSTGRES_HOST": server.socketDirectory, "BACKUP_ON_FIRST_START": "true", "DUMP_DATABASES": "recyclic",
            "BACKUP_SCHEDULE": "daily 02:00", "DUMP_SCHEDULE": "",
        ])
        try await daemon.start()
        let isDumped = try await eventually {
            try await daemon.json("backups")["backups"]?.arrayValue?.first?["kind"]?.stringValue == "dump"
        }
        #expect(isDumped, "\(daemon.log)")
        // No kind: what protects.
        let output = try await daemon.json("trigger-backup")
        #expect(output["backup"]?["kind"]?.stringValue == "dump", "\(output)")
        #expect(try await daemon.ctl("verify").status == 0)
        let drill = try await daemon.json("drill")
        #expect(drill["report"]?["verdict"]?.stringValue == "passed", "\(drill)")

        let status = try await daemon.ctl("status")
        #expect(
            status.output.contains("only \"recyclic\"") && status.output.contains("Base backups are not possible"),
            "\(status.output)"
        )
        #expect(status.output.contains("Next dump") && !status.output.contains("Next backup"), "\(status.output)")
        let json = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        #expect(json["method"]?.stringValue == "dump" && json["lastBackup"]?["database"]?.stringValue == "recyclic")
        let codes = json["reasons"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
        #expect(
            !codes.contains("noBackup") && !codes.contains("noRestorableBackup") && !codes.contains("dumpAge"),
            "\(codes)"
        )
        let doctor = try await daemon.ctl("doctor")
        #expect(
            doctor.output.contains("base backups are not possible") && doctor.output.contains("REPLICATION"),
            "\(doctor.output)"
        )

        // Once it may, it does.
        try await onOwnThread { try server.execute("ALTER ROLE recyclic REPLICATION") }
        try await daemon.stop()
        try await daemon.start()
        #expect(try await daemon.json("trigger-backup")["backup"]?["kind"]?.stringValue == "base")
        // And never goes back by itself.
        try await onOwnThread { try server.execute("ALTER ROLE recyclic NOREPLICATION") }
        try await daemon.stop()
        try await daemon.start()
        daemon.expectError("backup failed")
        let failed = try await daemon.ctl("trigger-backup")
        #expect(
            failed.status == 1 && (failed.output + failed.errors).contains("REPLICATION"),
            "\(failed.output)\(failed.errors)"
        )
        try await scene.end()
    }

    @Test
    func `with BACKUP_METHOD=dump no base backup is taken, and a retry dumps only what failed`() async throws {
        let scene = try await Scene.make([
            "BACKUP_METHOD": "dump", "DUMP_DATABASES": "recyclic, later", "DUMP_SCHEDULE": "hourly",
        ])
        let (daemon, server) = (scene.daemon, scene.server)
        daemon.expectError("dump failed")
        let failed = try await daemon.json("trigger-backup", exits: 1)
        #expect(failed["job"]?["kind"]?.stringValue == "dump" && failed["backups"]?.arrayValue?.count == 1, "\(failed)")
        let first = try await daemon.json("backups").backupIDs
        try await onOwnThread { try server.execute("CREATE DATABASE later") }
        // As if it had failed long ago.
        try await daemon.stop()
        try await daemon.executeInState("UPDATE jobs SET finishedAt = finishedAt - 7200000 WHERE kind = 'dump'")
        try await daemon.start()
        let isRetried = try await eventually(within: .seconds(60)) {
            let backups = try await daemon.json("backups")["backups"]?.arrayValue ?? []
            return backups.contains { $0["database"]?.stringValue == "later" }
        }
        #expect(isRetried, "\(daemon.log)")
        let all = try await daemon.json("backups").backupIDs
        #expect(all.count == first.count + 1, "\(all)")
        let status = try await daemon.ctl("status")
        #expect(status.output.contains("only \"recyclic\", \"later\""), "\(status.output)")
        try await scene.end()
    }

    @Test
    func `whoever asks for dumps gets all of them, also while those that failed are tried again`() async throws {
        let scene = try await Scene.make([
            "BACKUP_METHOD": "dump", "DUMP_DATABASES": "postgres, recyclic", "DUMP_SCHEDULE": "hourly",
        ])
        let (daemon, server) = (scene.daemon, scene.server)
        // pg_dump refuses to leave out what the policies hide.
        try await onOwnThread {
            try server.execute("ALTER TABLE ticket ENABLE ROW LEVEL SECURITY", database: "recyclic")
        }
        daemon.expectError("dump failed")
        let failed = try await daemon.json("trigger-backup", exits: 1)
        #expect(failed["backups"]?.arrayValue?.count == 1, "\(failed)")
        let holder = try await onOwnThread {
            try server.execute("ALTER TABLE ticket DISABLE ROW LEVEL SECURITY", database: "recyclic")
            return try TableHolder("ticket", of: server)
        }
        // As if it had failed long ago.
        try await daemon.stop()
        try await daemon.executeInState("UPDATE jobs SET finishedAt = finishedAt - 7200000 WHERE kind = 'dump'")
        try await daemon.start()
        try await onOwnThread {
            try server.waitUntil(
                "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2' AND wait_event_type = 'Lock'"
            )
        }
        async let output = daemon.json("trigger-backup")
        let isQueued = try await eventually {
            let jobs = try await daemon.json("jobs")["jobs"]?.arrayValue ?? []
            return jobs.contains { $0["kind"]?.stringValue == "dump" && $0["state"]?.stringValue == "queued" }
        }
        #expect(isQueued, "it joined the retry")
        try await onOwnThread { holder.release() }
        let databases = try await output["backups"]?.arrayValue?.compactMap { $0["database"]?.stringValue }.sorted()
        #expect(databases == ["postgres", "recyclic"], "\(databases ?? [])")
        try await scene.end()
    }

    @Test
    func `a dump runs at its own time beside base backups`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let base = try #require(try await daemon.backUp()["id"]?.stringValue)
        // A minute that begins soon, but not before the configuration was read.
        let minute = Int(Date().timeIntervalSince1970 + 20) / 60 + 1
        let time = String(format: "%02d:%02d", minute / 60 % 24, minute % 60)
        try daemon.configure([
            "POSTGRES_HOST": scene.server.socketDirectory, "BACKUP_TIMEZONE": "UTC", "DUMP_SCHEDULE": "daily \(time)",
            "BACKUP_JITTER_SECONDS": "0",
        ])
        #expect(try await daemon.ctl("reload").status == 0)
        let runs = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)["nextRuns"]?.arrayValue
        #expect(runs?.compactMap { $0["kind"]?.stringValue } == ["dump"], "\(runs ?? [])")
        let isDumped = try await eventually(within: .seconds(180)) {
            let jobs = try await daemon.json("jobs", "list")["jobs"]?.arrayValue ?? []
            return jobs.contains { $0["kind"]?.stringValue == "dump" && $0["state"]?.stringValue == "succeeded" }
        }
        #expect(isDumped, "\(daemon.log)")
        let jobs = try await daemon.json("jobs", "list")["jobs"]?.arrayValue ?? []
        let dumps = jobs.filter { $0["kind"]?.stringValue == "dump" }
        #expect(dumps.compactMap { $0["requestedBy"]?.stringValue } == ["schedule"], "\(dumps)")
        let started = try #require(dumps.first?["startedAt"]?.stringValue)
        #expect(started.contains("T\(time):"), "\(started)")
        #expect(try await daemon.json("backups").backupIDs.contains(base))
        try await scene.end()
    }
}
