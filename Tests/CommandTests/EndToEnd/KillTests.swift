import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

@testable import Repository

/// kill -9 of the daemon at any moment.
@Suite(.serialized)
struct KillTests {
    @Test
    func `killed in a backup, the daemon starts again, nothing is lost and the next backup goes well`() async throws {
        let scene = try await Scene.make(megabytes: 60)
        let daemon = scene.daemon
        let earlier = try #require(try await daemon.backUp()["id"]?.stringValue)
        _ = try await daemon.ctl("backups", "pin", earlier)
        let rows = try await Scene.fingerprint(scene.server)
        var random = SystemRandomNumberGenerator()
        for phase in ["checkpoint", "copying", "copying", "finishing"] {
            try await scene.fill(megabytes: 20)
            let job = try await daemon.begin("trigger-backup")
            guard try await daemon.waitForPhase([phase, "finishing"], of: job) else { continue }
            let delay = Int.random(in: 0...400, using: &random)
            try await Task.sleep(for: .milliseconds(delay))
            daemon.kill(SIGKILL)
            try await daemon.start()
            let state = try await daemon.json("jobs", "show", job)["job"]?["state"]?.stringValue
            #expect(state == "interrupted" || state == "succeeded", "\(phase) + \(delay) ms")
            try await daemon.expectAllIsGood()
            try expectNothingLeft(daemon)
        }
        try await onOwnThread { try scene.server.execute("DROP TABLE ticket", database: "recyclic") }
        try await daemon.backUp()
        #expect(try await daemon.json("backups").backupIDs.contains(earlier))
        #expect(try await scene.fingerprint(restoring: earlier) == rows)
        // What the dead writers left in the way of half-written files is gone with the next writer.
        let halves = try FileManager.default.contentsOfDirectory(atPath: "\(daemon.repository)/tmp")
        #expect(halves.isEmpty, "\(halves)")
        try await scene.end()
    }

    @Test
    func `killed in a verify or in retention, the daemon goes on where it was`() async throws {
        let scene = try await Scene.make(megabytes: 10)
        let daemon = scene.daemon
        _ = try await daemon.backUpAndSettle()
        // The verify waits for this to end: it can't be over before it is killed.
        let path = daemon.repository
        let lock = try await onOwnThread {
            let lock = try Repository.open(at: path).lockForWriting(patience: .seconds(30))
            try lock.beginSweep(patience: .seconds(30), cancellation: nil)
            return lock
        }
        async let verify = daemon.ctl("verify", "--full")
        let isRunning = try await eventually {
            let jobs = try await daemon.json("jobs")["jobs"]?.arrayValue ?? []
            return jobs.contains { $0["kind"]?.stringValue == "verify" && $0["state"]?.stringValue == "running" }
        }
        #expect(isRunning)
        daemon.kill(SIGKILL)
        lock.release()
        #expect(try await verify.status == 3)
        // As one has it that is killed later.
        let scratch = "\(daemon.state)/recyclic-scratch-AbCdEf"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
        try await daemon.start()
        #expect(!FileManager.default.fileExists(atPath: scratch))
        let interrupted = try await daemon.json("jobs")["jobs"]?.arrayValue?.first
        #expect(interrupted?["state"]?.stringValue == "interrupted")
        try await daemon.expectAllIsGood()

        for _ in 0..<4 {
            // A backup replaces the one before it, which its retention then removes.
            try await scene.fill(megabytes: 2)
            let job = try await daemon.begin("trigger-backup")
            _ = try await daemon.end(of: job)
            let following = Int(job.dropFirst()).map { "j\($0 + 1)" } ?? ""
            _ = try await eventually(within: .seconds(5)) {
                let jobs = try await daemon.json("jobs")["jobs"]?.arrayValue ?? []
                return jobs.contains { $0["id"]?.stringValue == following && $0["state"]?.stringValue != "queued" }
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...30)))
            daemon.kill(SIGKILL)
            try await daemon.start()
            try await daemon.expectAllIsGood()
        }
        #expect(try await daemon.ctl("retention", "apply").status == 0)
        try await daemon.backUp()
        try await daemon.expectAllIsGood()
        let rows = try await Scene.fingerprint(scene.server)
        #expect(try await scene.fingerprint(restoring: "latest") == rows)
        try await scene.end()
    }

    @Test(arguments: ["restoring", "recovering", "checking"])
    func `killed in a drill, the daemon removes its server, its files and its socket when it starts`(
        phase: String
    ) async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        try await daemon.backUp()
        // A phase of so small a cluster may be over before anybody saw it.
        var job = try await daemon.begin("drill")
        var isInPhase = try await daemon.waitForPhase([phase], of: job)
        for _ in 0..<20 where !isInPhase {
            job = try await daemon.begin("drill")
            isInPhase = try await daemon.waitForPhase([phase], of: job)
        }
        #expect(isInPhase, "each drill ended before \(phase)")
        daemon.kill(SIGKILL)
        try await daemon.start()
        #expect(try await daemon.json("jobs", "show", job)["job"]?["state"]?.stringValue == "interrupted")
        try expectNothingLeft(daemon)
        let drill = try await daemon.ctl("drill")
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        try expectNothingLeft(daemon)
        try await scene.end()
    }

    /// No scratch, no folder of a socket, no server in a folder of the daemon's.
    private func expectNothingLeft(_ daemon: DaemonUnderTest) throws {
        let files = FileManager.default
        let drills = (try? files.contentsOfDirectory(atPath: "\(daemon.state)/drills")) ?? []
        #expect(drills.isEmpty, "\(drills)")
        let runtime = try files.contentsOfDirectory(atPath: daemon.runtime).filter { $0.hasPrefix("d") }
        #expect(runtime.isEmpty, "\(runtime)")
        for process in try files.contentsOfDirectory(atPath: "/proc") where Int32(process) != nil {
            let folder = (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) ?? ""
            #expect(!folder.hasPrefix(daemon.state), "process \(process) works in \(folder)")
        }
    }
}
