import Foundation
import Glibc
import Repository
import TestSupport
import Testing
import Varlink

/// What retention must not remove.
@Suite(.serialized)
struct RetentionTests {
    /// Keeps the newest backup and nothing else.
    private static let newestOnly = ["RETENTION_DAILY": "0", "RETENTION_WEEKLY": "0", "RETENTION_MONTHLY": "0"]

    @Test
    func `a backup that is pinned while retention waits for its turn to write stays`() async throws {
        let scene = try await Scene.make(Self.newestOnly)
        let daemon = scene.daemon
        let first = try #require(try await daemon.backUp()["id"]?.stringValue)
        #expect(try await daemon.ctl("backups", "pin", first).status == 0)
        let second = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)

        let path = daemon.repository
        let repository = try await onOwnThread { try Repository.open(at: path) }
        let summary = try await onOwnThread { try repository.listing().resolve(first).summary }
        let lock = try await onOwnThread { try repository.lockForWriting(patience: .seconds(30)) }
        _ = try await onOwnThread { try repository.addMark(.unpin, to: summary, by: "test") }
        async let applied = daemon.ctl("retention", "apply")
        // The plan is made; who waits for the lock has its file open.
        let isWaiting = try await eventually { try Self.hasOpen("\(path)/lock", in: daemon) }
        #expect(isWaiting)
        _ = try await onOwnThread { try repository.addMark(.pin, to: summary, by: "test") }
        lock.release()
        let result = try await applied
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(Set(try await daemon.json("backups").backupIDs) == [first, second])
        // Of a pin and an unpin of the same second the pin counts.
        let isUnpinned = try await eventually {
            try await daemon.json("backups", "unpin", first)["backup"]?["pinned"]?.boolValue == false
        }
        #expect(isUnpinned)
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        #expect(try await daemon.json("backups").backupIDs == [second])
        try await scene.end()
    }

    @Test
    func `a mark that can't be read holds retention back, and is named`() async throws {
        let scene = try await Scene.make(Self.newestOnly)
        let daemon = scene.daemon
        let first = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        #expect(try await daemon.ctl("backups", "pin", first).status == 0)
        let clusters = "\(daemon.repository)/clusters"
        let marks = try FileManager.default.subpathsOfDirectory(atPath: clusters).filter { $0.contains("/marks/2") }
        let mark = URL(fileURLWithPath: "\(clusters)/\(try #require(marks.first))")
        let good = try Data(contentsOf: mark)
        try await daemon.stop()
        try Data("rotten".utf8).write(to: mark)
        for name in try FileManager.default.contentsOfDirectory(atPath: daemon.state)
        where name.hasPrefix("catalogue-") {
            try FileManager.default.removeItem(atPath: "\(daemon.state)/\(name)")
        }
        try await daemon.start()
        daemon.expectError("retention failed")
        let second = try #require(try await daemon.backUpAndSettle()["id"]?.stringValue)
        for command in ["plan", "apply"] {
            let result = try await daemon.ctl("retention", command)
            #expect(result.status == 1, "\(result.output)")
            #expect(result.errors.contains(mark.lastPathComponent), "\(result.errors)")
            #expect(result.errors.contains("may be a pin"), "\(result.errors)")
        }
        #expect(Set(try await daemon.json("backups").backupIDs) == [first, second])
        try good.write(to: mark)
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        #expect(Set(try await daemon.json("backups").backupIDs) == [first, second])
        try await scene.end()
    }

    private static func hasOpen(_ path: String, in daemon: DaemonUnderTest) throws -> Bool {
        let folder = "/proc/\(try #require(daemon.pid))/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == path
        }
    }
}
