import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

@Suite(.serialized)
struct DiskFullTests {
    /// The disk is a small tmpfs in a mount namespace of the daemon's own, so it is gone with the daemon.
    @Test
    func `a full disk fails the backup by name, earlier ones stay good, and with more room the next goes well`()
        async throws
    {
        let server = try await PrivatePostgres.started()
        let disk = try TemporaryDirectory(prefix: "rd")
        let repository = disk.path("disk/repository")
        try FileManager.default.createDirectory(atPath: disk.path("disk"), withIntermediateDirectories: true)
        let daemon = try DaemonUnderTest([
            "POSTGRES_HOST": server.socketDirectory, "BACKUP_REPOSITORY": repository,
            "ALERT_DISK_SPACE_CRITICAL": "1024",
        ])
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        // An ordinary user mounts as the root of a user namespace, and is himself again in one inside it. Only who stays
        // outside that one can enlarge the disk, so the shell leaves somebody there who waits for a file.
        let (path, isRoot) = (disk.path("disk"), geteuid() == 0)
        let himself = isRoot ? "" : "unshare -U --map-user=\(geteuid()) --map-group=\(getegid())"
        try await daemon.start(under: [
            "unshare", isRoot ? "-m" : "-Urm", "sh", "-c",
            """
            mount -t tmpfs -o size=40m tmpfs '\(path)' || exit
            while kill -0 $$ && ! [ -e '\(path).wanted' ]; do sleep 0.1; done 2>&- && \
                mount -o remount,size=400m tmpfs '\(path)' && touch '\(path).grown' &
            exec \(himself) "$0" "$@"
            """,
        ])
        let earlier = try #require(try await daemon.backUp()["id"]?.stringValue)
        _ = try await daemon.ctl("backups", "pin", earlier)
        try await scene.fill(megabytes: 80)

        daemon.expectError("backup failed")
        // It follows to make room, and may find too little itself.
        daemon.expectError("retention failed")
        let failed = try await daemon.json("trigger-backup", exits: 1)
        let error = failed["job"]?["error"]
        #expect(error?["code"]?.stringValue == "diskFull", "\(failed)")
        #expect(error?["message"]?.stringValue?.contains(repository) == true, "\(failed)")
        #expect(error?["hint"]?.stringValue?.contains("space") == true, "\(failed)")
        let status = try await daemon.ctl("status")
        #expect([4, 5].contains(status.status) && status.output.contains("free"), "\(status.output)")
        #expect(try await daemon.json("backups").backupIDs == [earlier])
        try await daemon.expectAllIsGood()
        let drill = try await daemon.ctl("drill", earlier)
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")

        #expect(FileManager.default.createFile(atPath: "\(path).wanted", contents: nil))
        #expect(try await eventually { FileManager.default.fileExists(atPath: "\(path).grown") })
        try await daemon.backUp()
        try await daemon.expectAllIsGood()
        try await scene.end()
    }

    @Test
    func `a backup and a drill leave the reserve free, and say how to get on`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        try await daemon.backUp()
        let settings = ["POSTGRES_HOST": scene.server.socketDirectory]
        // More than any disk has: 1 PiB.
        try daemon.configure(settings.merging(["ALERT_DISK_SPACE_CRITICAL": "\(1 << 40)"]) { $1 })
        #expect(try await daemon.ctl("reload").status == 0)
        daemon.expectError("backup failed")
        daemon.expectError("drill failed")
        let job = try await daemon.json("trigger-backup", exits: 1)["job"]
        let error = job?["error"]
        #expect(error?["code"]?.stringValue == "diskFull", "\(error ?? .null)")
        for part in ["'\(daemon.repository)'", "bytes free", "\(1 << 50) must stay free"] {
            #expect(error?["message"]?.stringValue?.contains(part) == true, "\(error ?? .null)")
        }
        #expect(error?["hint"]?.stringValue?.contains("ALERT_DISK_SPACE_CRITICAL") == true, "\(error ?? .null)")
        #expect(error?["hint"]?.stringValue?.contains("recyclicctl retention apply") == true, "\(error ?? .null)")
        // No backup comes about that retention could follow, so it follows this one, lest space is never made.
        let isFollowed = try await eventually {
            let jobs = try await daemon.json("jobs")["jobs"]?.arrayValue ?? []
            return jobs.contains {
                $0["requestedBy"]?.stringValue == "after \(job?["id"]?.stringValue ?? "")"
                    && $0["kind"]?.stringValue == "retention" && $0["state"]?.stringValue == "succeeded"
            }
        }
        #expect(isFollowed, "\(daemon.log)")
        let drill = try await daemon.json("drill", exits: 1)["report"]
        #expect(drill?["verdict"]?.stringValue == "cannotJudge", "\(drill ?? .null)")

        try daemon.configure(settings)
        #expect(try await daemon.ctl("reload").status == 0)
        try await daemon.backUp()
        try await scene.end()
    }
}
