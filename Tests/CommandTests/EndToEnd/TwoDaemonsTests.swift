import Glibc
import TestSupport
import Testing
import Varlink

@Suite(.serialized)
struct TwoDaemonsTests {
    @Test
    func `while one daemon writes to a repository another one is told so or waits, and both go on`() async throws {
        let scene = try await Scene.make(megabytes: 60)
        let second = try DaemonUnderTest([
            "POSTGRES_HOST": scene.server.socketDirectory, "BACKUP_REPOSITORY": scene.daemon.repository,
        ])
        try await second.start()
        let first = try await scene.daemon.backUp()
        let id = try #require(first["id"]?.stringValue)
        try await scene.fill(megabytes: 40)
        let job = try await scene.daemon.begin("trigger-backup")
        #expect(try await scene.daemon.waitForPhase(["copying"], of: job))
        // Held still, the first one keeps its lock longer than the second one is ready to wait: 5 s for a mark, 30 s for
        // retention. (After 60 s the server would give the first one up.)
        scene.daemon.kill(SIGSTOP)
        let pin = try await second.json("backups", "pin", id, exits: 1)
        let retention = try await second.json("retention", "apply", exits: 1)
        scene.daemon.kill(SIGCONT)
        second.expectError("retention failed")
        for error in [pin["error"], retention["job"]?["error"]] {
            #expect(error?["code"]?.stringValue == "repositoryLocked", "\(pin)\(retention)")
            #expect(error?["message"]?.stringValue?.contains(scene.daemon.repository) == true)
            #expect(error?["hint"]?.stringValue?.isEmpty == false)
        }
        // A backup has more patience: it waits for the one that is being taken.
        try await second.backUp()
        #expect(try await scene.daemon.end(of: job)["state"]?.stringValue == "succeeded")
        try await second.expectAllIsGood()
        try await scene.daemon.expectAllIsGood()
        try await second.stop()
        try await scene.end()
    }

    @Test
    func `a second daemon with the same state folder refuses to start`() async throws {
        let scene = try await Scene.make()
        let second = try DaemonUnderTest(["POSTGRES_HOST": scene.server.socketDirectory])
        let environment = second.environment.merging(["STATE_DIRECTORY": scene.daemon.state]) { $1 }
        let path = try Programs.path("recyclicd")
        let result = try await onOwnThread {
            try Program.run(path, ["serve", "--config", second.configuration], environment: environment)
        }
        #expect(result.status == 1)
        #expect(result.errors.contains("another recyclicd keeps its state there"), "\(result.errors)")
        #expect(try await scene.daemon.ctl("jobs").status == 0)
        try await scene.end()
    }

    @Test
    func `a second daemon with the same runtime folder refuses to start`() async throws {
        let scene = try await Scene.make()
        let second = try DaemonUnderTest(
            ["POSTGRES_HOST": scene.server.socketDirectory],
            runtimeOf: scene.daemon
        )
        let path = try Programs.path("recyclicd")
        let result = try await onOwnThread {
            try Program.run(
                path,
                ["serve", "--config", second.configuration],
                environment: second.environment
            )
        }
        #expect(result.status == 1)
        #expect(result.errors.contains("another process listens on"), "\(result.errors)")
        #expect(try await scene.daemon.ctl("jobs").status == 0)
        try await scene.end()
    }
}
