import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// What happens when the repository is damaged, or is not there.
@Suite(.serialized)
struct HealingTests {
    @Test
    func `chunks whose deltas stand on a damaged pack are stored again by the next backup`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        _ = try await daemon.backUpAndSettle()
        let packs = try Self.packs(of: daemon)
        let server = scene.server
        try await onOwnThread {
            try server.execute(
                "UPDATE ticket SET text = text || '!' WHERE id % 100 = 0; CHECKPOINT",
                database: "recyclic"
            )
        }
        let second = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        let details = try await daemon.json("backups", "show", second)["details"]
        #expect(details?["deltaChunks"]?.integerValue ?? 0 > 0)

        for pack in packs { try Self.flip(pack) }
        daemon.expectError("damaged object")
        // When the flipped bits hit the list of files of a backup that is kept, retention can't know what it needs.
        daemon.expectError("retention failed: nothing was removed")
        #expect(try await daemon.ctl("verify", "--full").status == 1)
        let status = try await daemon.json("status", exits: 5)
        #expect(status["reasons"]?.arrayValue?.contains { $0["code"]?.stringValue == "verifyFailed" } == true)

        let third = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        let verify = try await daemon.ctl("verify", third, "--full")
        #expect(verify.status == 0, "\(verify.output)")
        #expect(try await scene.fingerprint(restoring: third) == Scene.fingerprint(server))
        // A good look at one backup does not make the damage of the others forgotten.
        #expect(try await daemon.json("status", exits: 5)["health"]?.stringValue == "critical")
        try await scene.end()
    }

    @Test
    func `a drill of a backup whose manifest is damaged is recorded as failed and names it`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let id = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        let manifest = try #require(try Self.objects("clusters", of: daemon).first { $0.contains("/backups/") })
        let good = try Data(contentsOf: URL(fileURLWithPath: manifest))
        try Data("rotten".utf8).write(to: URL(fileURLWithPath: manifest))
        daemon.expectError("drill failed")
        for isCatalogued in [true, false] {
            if !isCatalogued {
                try await daemon.stop()
                for name in try FileManager.default.contentsOfDirectory(atPath: daemon.state)
                where name.hasPrefix("catalogue-") {
                    try FileManager.default.removeItem(atPath: "\(daemon.state)/\(name)")
                }
                try await daemon.start()
            }
            let output = try await daemon.json("drill", id, exits: 1)
            #expect(output["report"]?["verdict"]?.stringValue == "failed", "\(output)")
            let name = (manifest as NSString).lastPathComponent
            let reasons = output["report"]?["reasons"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(reasons.first?.contains(name) == true, "\(reasons)")
            let status = try await daemon.json("status", exits: 5)
            let codes = status["reasons"]?.arrayValue?.compactMap { $0["code"]?.stringValue }
            // Without a backup to prove the reasons speak of that alone.
            if isCatalogued { #expect(codes?.contains("drillFailed") == true, "\(codes ?? [])") }
            #expect(status["lastDrill"]?["backup"]?.stringValue == id)
        }
        try good.write(to: URL(fileURLWithPath: manifest))
        #expect(try await daemon.json("drill", id)["report"]?["verdict"]?.stringValue == "passed")
        try await scene.end()
    }

    @Test
    func `a backup whose manifest is lost can be given up, with the rules of any other`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let id = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        let manifest = try #require(try Self.objects("clusters", of: daemon).first { $0.contains("/backups/") })
        #expect(try await daemon.ctl("backups", "pin", id).status == 0)
        try await daemon.stop()
        try Data("rotten".utf8).write(to: URL(fileURLWithPath: manifest))
        for name in try FileManager.default.contentsOfDirectory(atPath: daemon.state)
        where name.hasPrefix("catalogue-") {
            try FileManager.default.removeItem(atPath: "\(daemon.state)/\(name)")
        }
        try await daemon.start()
        let pinned = try await daemon.ctl("backups", "delete", id)
        #expect(pinned.status == 1 && pinned.errors.contains("is pinned"), "\(pinned.errors)")
        #expect(try await daemon.ctl("backups", "unpin", id).status == 0)
        let only = try await daemon.ctl("backups", "delete", id)
        #expect(only.status == 1 && only.errors.contains("is the only one"), "\(only.errors)")

        let second = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        daemon.expectError("retention failed")
        daemon.expectError("damaged object")
        // Until it is given up nothing is removed.
        let held = try await daemon.ctl("retention", "apply")
        #expect(held.status == 1 && held.errors.contains("backups delete \(id)"), "\(held.errors)")
        #expect(try await daemon.ctl("verify", "--full").status == 1)
        let deleted = try await daemon.ctl("backups", "delete", id)
        #expect(deleted.status == 0, "\(deleted.output)\(deleted.errors)")
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        #expect(try await daemon.json("backups").backupIDs == [second])
        try await daemon.expectAllIsGood()
        #expect(try await daemon.json("status", exits: 4)["health"]?.stringValue == "warning")
        try await scene.end()
    }

    @Test
    func `an empty folder where a repository was is not taken for a new one`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        _ = try await daemon.backUpAndSettle()
        let away = daemon.repository + ".away"
        try FileManager.default.moveItem(atPath: daemon.repository, toPath: away)
        try FileManager.default.createDirectory(atPath: daemon.repository, withIntermediateDirectories: false)
        daemon.expectError("does not hold the repository")

        let backup = try await daemon.ctl("trigger-backup", "--json")
        #expect(backup.status == 1)
        #expect(backup.output.contains("repositoryGone"), "\(backup.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.repository).isEmpty)
        let status = try await daemon.json("status", exits: 5)
        #expect(status["repository"]?["error"]?["code"]?.stringValue == "repositoryGone")

        try FileManager.default.removeItem(atPath: daemon.repository)
        try FileManager.default.moveItem(atPath: away, toPath: daemon.repository)
        let after = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        #expect(try await daemon.json("backups").backupIDs.contains(after))
        try await scene.end()
    }

    @Test
    func `a disk that hangs is told, holds up neither the measuring nor status, and is used again once it answers`()
        async throws
    {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let first = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        // Nobody can open a pipe until somebody writes to it.
        let header = daemon.repository + "/recyclic-repository.json"
        try FileManager.default.moveItem(atPath: header, toPath: header + ".away")
        #expect(mkfifo(header, 0o600) == 0)

        let status = try await daemon.json("status", exits: 5)
        #expect(status["repository"]?["error"]?["code"]?.stringValue == "repositorySilent", "\(status)")
        #expect(status["reasons"]?.arrayValue?.first?["code"]?.stringValue == "repositoryUnusable", "\(status)")
        #expect(status["server"]?["reachable"]?.boolValue == true)
        daemon.expectError("does not answer")
        let backup = try await daemon.ctl("trigger-backup")
        #expect(backup.status == 1 && "\(backup.output)\(backup.errors)".contains("does not answer"), "\(backup)")
        // After a job all is measured anew: what hangs is told, and so is what could be measured.
        let isMeasured = try await eventually {
            let metrics = try await daemon.ctl("metrics").output
            return metrics.contains("recyclic_repository_up 0") && metrics.contains("recyclic_database_up 1")
        }
        #expect(isMeasured)
        let isTold = try await eventually {
            try await daemon.json("events", "--kind", "repositoryLost")["events"]?.arrayValue?.count == 1
        }
        #expect(isTold)
        try FileManager.default.moveItem(atPath: header, toPath: header + ".pipe")
        try FileManager.default.moveItem(atPath: header + ".away", toPath: header)
        close(open(header + ".pipe", O_WRONLY | O_NONBLOCK | O_CLOEXEC))
        unlink(header + ".pipe")
        let isBack = try await eventually {
            let backups = try await daemon.ctl("backups", "--json")
            return try backups.status == 0 && JSONValue(parsing: backups.output).backupIDs == [first]
        }
        #expect(isBack)
        _ = try await daemon.backUpAndSettle()
        try await daemon.expectAllIsGood()
        try await scene.end()
    }

    private static func packs(of daemon: DaemonUnderTest) throws -> [String] {
        try objects("packs", of: daemon).filter { ($0 as NSString).lastPathComponent.count == 64 }
    }

    /// The paths of all files in a folder of the repository.
    private static func objects(_ folder: String, of daemon: DaemonUnderTest) throws -> [String] {
        let folder = "\(daemon.repository)/\(folder)"
        return try FileManager.default.subpathsOfDirectory(atPath: folder)
            .map { "\(folder)/\($0)" }
    }

    /// Flips bits here and there in a file's first two thirds.
    private static func flip(_ path: String) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for position in stride(from: 64, to: bytes.count * 2 / 3, by: 512) { bytes[position] ^= 0xFF }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}
