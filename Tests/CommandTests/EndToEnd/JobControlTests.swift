import Glibc
import Repository
import TestSupport
import Testing
import Varlink

/// Joining, leaving, cancelling and ending what runs.
@Suite(.serialized)
struct JobControlTests {
    @Test
    func `a cancelled backup ends its waiting client with 1, and the next one reuses what it stored`() async throws {
        let (scene, proxy) = try await Scene.makeBehindProxy(megabytes: 100)
        let daemon = scene.daemon
        // The link stands still before the end, so that there is time to cancel it.
        proxy.stall(after: proxy.forwardedToClient + 80 << 20)
        let job = try await daemon.begin("trigger-backup")
        async let waiting = daemon.ctl("trigger-backup", "--json")
        let hasStored = try await eventually {
            let state = try await daemon.json("jobs", "show", job)["job"]
            return state?["bytesDone"]?.integerValue ?? 0 > 70 << 20
        }
        #expect(hasStored)
        let cancelled = try await daemon.json("jobs", "cancel", job)
        #expect(cancelled["job"]?["state"]?.stringValue == "cancelled", "\(cancelled)")
        let joined = try await waiting
        #expect(joined.status == 1)
        let output = try JSONValue(parsing: joined.output)
        #expect(output["job"]?["id"]?.stringValue == job, "the second request did not join the first")
        #expect(output["job"]?["state"]?.stringValue == "cancelled")
        #expect(try await daemon.json("backups").backupIDs.isEmpty)

        proxy.resume()
        proxy.cut()
        let backup = try await daemon.backUp()
        let (added, size) = (backup["addedBytes"]?.integerValue, backup["logicalBytes"]?.integerValue)
        // Of what the cancelled one had stored nothing is stored again.
        #expect(try #require(added) < #require(size) - 60 << 20, "\(backup)")
        try await daemon.expectAllIsGood()
        try await scene.end()
        proxy.close()
    }

    @Test
    func `a client that goes away leaves its backup running`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        _ = try await daemon.backUpAndSettle()
        // The backup waits for its turn to write, so that it is not over before its client is gone.
        let repository = daemon.repository
        let lock = try await onOwnThread { try Repository.open(at: repository).lockForWriting(patience: .seconds(30)) }
        let (path, environment) = (try Programs.path("recyclicctl"), daemon.environment)
        let client = try await onOwnThread {
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            defer { close(null) }
            return try Program.start(
                path,
                ["trigger-backup"],
                input: null,
                output: null,
                errors: null,
                environment: environment
            )
        }
        var job = ""
        let isRunning = try await eventually {
            let running = try await daemon.json("jobs")["jobs"]?.arrayValue?.first {
                $0["kind"]?.stringValue == "backup" && $0["state"]?.stringValue == "running"
            }
            job = running?["id"]?.stringValue ?? ""
            return running != nil
        }
        #expect(isRunning)
        kill(client, SIGKILL)
        let status = try await onOwnThread {
            var status: Int32 = 0
            waitpid(client, &status, 0)
            return status
        }
        #expect(status & 0x7f == SIGKILL, "the client did not wait")
        lock.release()
        #expect(try await daemon.end(of: job)["state"]?.stringValue == "succeeded")
        try await scene.end()
    }

    @Test
    func `a job whose end can't be recorded ends for its client, and is recorded as soon as it can be`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        daemon.expectError("could not be recorded")
        daemon.expectError("failed")
        try await daemon.executeInState(
            "CREATE TRIGGER full BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        let refused = try await daemon.ctl("trigger-backup")
        #expect(refused.status == 1 && refused.output.contains("full"), "\(refused.output)\(refused.errors)")

        try await daemon.executeInState("DROP TRIGGER full")
        try await daemon.executeInState(
            """
            CREATE TRIGGER full BEFORE UPDATE ON jobs WHEN NEW.state NOT IN ('queued', 'running')
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
            """
        )
        let output = try await daemon.json("trigger-backup")
        #expect(output["job"]?["state"]?.stringValue == "succeeded", "\(output)")
        let job = try #require(output["job"]?["id"]?.stringValue)
        #expect(try await daemon.json("jobs", "show", job)["job"]?["state"]?.stringValue == "succeeded")
        #expect(try await daemon.json("backups").backupIDs.count == 1)

        try await daemon.executeInState("DROP TRIGGER full")
        let isRecorded = try await eventually {
            try await daemon.executeInState("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')") == "0"
        }
        #expect(isRecorded)
        try await daemon.stop()
        try await daemon.start()
        let states = try await [daemon.json("jobs", "show", "j1"), daemon.json("jobs", "show", job)]
        #expect(states.map { $0["job"]?["state"]?.stringValue } == ["failed", "succeeded"], "\(states)")
        try await scene.end()
    }

    @Test
    func `SIGTERM in a backup ends the daemon in time and with 0, and the next start is as usual`() async throws {
        let (scene, proxy) = try await Scene.makeBehindProxy(megabytes: 60)
        let daemon = scene.daemon
        // The link stands still half-way: however slow the machine is, the backup lasts until it is told to end.
        proxy.stall(after: proxy.forwardedToClient + 40 << 20)
        async let waiting = daemon.ctl("trigger-backup")
        let isCopying = try await eventually {
            let jobs = try await daemon.json("jobs")["jobs"]?.arrayValue ?? []
            return jobs.contains {
                $0["phase"]?.stringValue == "copying" && $0["bytesDone"]?.integerValue ?? 0 > 30 << 20
            }
        }
        #expect(isCopying)
        daemon.kill(SIGTERM)
        #expect(try await daemon.exitCode(within: .seconds(25)) == 0, "\(daemon.log)")
        let client = try await waiting
        #expect(client.status == 1, "\(client.status): \(client.output)\(client.errors)")
        #expect(client.output.contains("cancelled"), "\(client.output)")
        proxy.resume()
        proxy.cut()
        try await daemon.start()
        let job = try await daemon.json("jobs", "show", "j1")["job"]
        #expect(job?["state"]?.stringValue == "cancelled", "\(job ?? .null)")
        try await daemon.backUp()
        try await daemon.expectAllIsGood()
        try await scene.end()
        proxy.close()
    }
}
