import Foundation
import TestSupport
import Testing
import Varlink

/// A repository is restored by a script that shares no code with us: by the format's documentation, `zstd` and Python.
@Suite(.serialized)
struct ForeignRestoreTests {
    private static let script =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("restore.py").path

    @Test(
        "a second backup, of deltas or whole chunks, is restored by a foreign script, and a server has the same rows on it",
        arguments: ["zstd", "gzip", "none"]
    )
    func restore(codec: String) async throws {
        let scene = try await Scene.make(["BACKUP_COMPRESSION": codec])
        _ = try await scene.daemon.backUp()
        let server = scene.server
        try await onOwnThread {
            try server.execute(
                "UPDATE ticket SET text = text || '!' WHERE id % 100 = 0; CHECKPOINT",
                database: "recyclic"
            )
        }
        let backup = try #require(try await scene.daemon.backUp()["id"]?.stringValue)
        let details = try await scene.daemon.json("backups", "show", backup)["details"]
        #expect((details?["deltaChunks"]?.integerValue ?? 0 > 0) == (codec == "zstd"))
        let expected = try await Scene.fingerprint(server)

        let folder = try TemporaryDirectory(prefix: "rf")
        let target = folder.path("data")
        let repository = scene.daemon.repository
        try await onOwnThread {
            try Program.check("python3", [Self.script, repository, backup, target])
            // What a person would add by hand, as the documentation says.
            let recovery = "restore_command = 'cp recyclic_wal/%f %p'\nrecovery_target_timeline = '1'\n"
            try Program.check("sh", ["-c", "cat >> '\(target)/postgresql.auto.conf'"], input: recovery)
            try Program.check("touch", ["\(target)/recovery.signal"])
        }
        let restored = try await onOwnThread { try PrivatePostgres.start(on: target) }
        #expect(try await Scene.fingerprint(restored) == expected)
        try await onOwnThread { try restored.stop(.immediate) }
        try await scene.end()
    }
}
