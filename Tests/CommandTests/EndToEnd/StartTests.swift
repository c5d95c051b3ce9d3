import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// What the daemon does when not all is there at its start.
@Suite(.serialized)
struct StartTests {
    @Test
    func `a configuration with an error ends the daemon with a code of its own`() async throws {
        let daemon = try DaemonUnderTest(["BACKUP_TIME": "now and then"])
        let result = try await daemon.offline("serve")
        #expect(result.status == 78)
        #expect(result.errors.contains("BACKUP_TIME") && result.errors.contains("now and then"), "\(result.errors)")
    }

    @Test
    func `a folder that is not to be used ends it with the code after which it is started again`() async throws {
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere"])
        try Data().write(to: URL(filePath: daemon.state))
        let result = try await daemon.offline("serve")
        #expect(result.status == 1 && result.errors.contains("\"\(daemon.state)\" can't be used"), "\(result.errors)")
    }

    @Test
    func `a state that can be opened later is carried on with, and what was kept in memory is in it`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let earlier = try #require(try await daemon.json("trigger-backup")["job"]?["id"]?.stringValue)
        try await daemon.stop()
        // Something is in the way of the file, until somebody mends it.
        let (file, kept) = ("\(daemon.state)/state.sqlite", daemon.folder.path("kept"))
        let files = FileManager.default
        try files.moveItem(atPath: file, toPath: kept)
        try files.createDirectory(atPath: file, withIntermediateDirectories: false)
        daemon.expectError("what the daemon learns will be forgotten when it ends")
        try await daemon.start()
        let meanwhile = try #require(try await daemon.json("trigger-backup")["job"]?["id"]?.stringValue)
        try files.removeItem(atPath: file)
        try files.moveItem(atPath: kept, toPath: file)
        let isRecovered = try await eventually(within: .seconds(200)) {
            try await daemon.json("events")["events"]?.arrayValue?.contains {
                $0["kind"]?.stringValue == "stateRecovered"
            } == true
        }
        #expect(isRecovered, "\(daemon.log)")
        let status = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        let codes = status["reasons"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
        #expect(!codes.contains("stateNotPersistent"), "\(codes)")
        // Killed, for the file needs no end in order.
        daemon.kill(SIGKILL)
        try await daemon.start()
        for job in [earlier, meanwhile] {
            #expect(try await daemon.json("jobs", "show", job)["job"]?["state"]?.stringValue == "succeeded")
        }
        _ = try await daemon.backUp()
        try await scene.end()
    }

    @Test
    func `without what the daemon remembers, status tells what is known, and that it can't be read`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let backup = try await daemon.backUpAndSettle()
        try await daemon.executeInState("ALTER TABLE drills RENAME TO hidden")
        let status = try await daemon.json("status", exits: 5)
        let reasons = status["reasons"]?.arrayValue ?? []
        #expect(reasons.first?["code"]?.stringValue == "stateUnreadable", "\(reasons)")
        #expect(reasons.first?["message"]?.stringValue?.contains("no such table: drills") == true, "\(reasons)")
        // Nothing is said that only the state could tell.
        #expect(reasons.count == 1, "\(reasons)")
        #expect(status["lastBackup"]?["id"] == backup["id"] && status["server"]?["reachable"] == .bool(true))
        #expect(status["databaseDamaged"]?["state"]?.stringValue == "seconds")
        let text = try await daemon.ctl("status")
        #expect(text.status == 5 && text.output.contains("not known now"), "\(text.output)")
        try await daemon.executeInState("ALTER TABLE hidden RENAME TO drills")
        let codes = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)["reasons"]?.arrayValue
        #expect(codes?.contains { $0["code"]?.stringValue == "stateUnreadable" } == false)
        try await scene.end()
    }

    @Test(arguments: ["full", "read-only", "damaged beyond setting aside"])
    func `a state that can't be opened keeps nobody from being protected and told`(trouble: String) async throws {
        let server = try await PrivatePostgres.started()
        let disk = try TemporaryDirectory(prefix: "rd")
        let daemon = try DaemonUnderTest([
            "POSTGRES_HOST": server.socketDirectory, "BACKUP_REPOSITORY": disk.path("repository"),
        ])
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        // What an earlier run left, ended in order.
        try await daemon.start()
        try await daemon.stop()
        daemon.expectError("what the daemon learns will be forgotten when it ends")

        let prepare =
            switch trouble {
            case "full": "cat /dev/zero >'\(daemon.state)/filling' 2>&- || true"
            case "read-only": "mount -o remount,ro tmpfs '\(daemon.state)'"
            default: "rm '\(daemon.state)'/state.sqlite* && mkdir '\(daemon.state)/state.sqlite'"
            }
        // As root of a user namespace an ordinary user mounts, and is himself again in one inside it.
        let isRoot = geteuid() == 0
        let himself = isRoot ? "" : "unshare -U --map-user=\(geteuid()) --map-group=\(getegid())"
        try await daemon.start(under: [
            "unshare", isRoot ? "-m" : "-Urm", "sh", "-c",
            """
            cp -a '\(daemon.state)' '\(disk.path)/state' && mount -t tmpfs -o size=8m tmpfs '\(daemon.state)' || exit
            cp -a '\(disk.path)/state/.' '\(daemon.state)' && \(prepare) && exec \(himself) "$0" "$@"
            """,
        ])
        let status = try await daemon.json("status", exits: 4)
        let codes = status["reasons"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
        #expect(codes.contains("stateNotPersistent"), "\(codes)")
        let backup = try await daemon.backUp()
        #expect(try await daemon.json("backups").backupIDs == [backup["id"]?.stringValue])
        try await scene.end()
    }
}
