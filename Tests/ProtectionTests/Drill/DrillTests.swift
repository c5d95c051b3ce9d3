import Blocking
import Glibc
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite(.serialized)
struct DrillTests {
    @Test
    func `a good backup passes, its phases are timed, and nothing is left`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let result = try drill.run(manifest) {
                $0.statements = [
                    DrillStatement(sql: "SELECT count(*) = 20000 FROM ticket"),
                    DrillStatement(database: "second", sql: "SELECT g FROM other LIMIT 1"),
                ]
            }
            #expect(result.verdict == .passed, "\(result.reasons)")
            #expect(result.reasons.isEmpty, "\(result.reasons)")
            #expect(result.phases.map(\.name) == [.restore, .scan, .boot, .replay, .checks, .stop, .checksums])
            #expect(result.recoveredLSN == result.promisedLSN)
            #expect(result.rows > 20_540)
            #expect(result.checks.contains { $0.state == .notProtected && $0.detail?.contains("passing") == true })
            for name in [
                "own check 1 in \"postgres\"", "page checksums", "indexes of \"second\"", "heaps of \"postgres\"",
            ] {
                #expect(result.checks.first { $0.name == name }?.state == .passed, "\(name)")
            }
            #expect(result.recoverySeconds ?? 0 > 0)
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `an own check that is false, and one that fails, fail the drill`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let result = try DrillBench(fixture).run(manifest) {
                $0.statements = [DrillStatement(sql: "SELECT 1 = 2"), DrillStatement(sql: "SELECT * FROM nothing")]
            }
            #expect(result.verdict == .failed)
            #expect(result.checks.filter { $0.state == .failed }.count == 2)
        }
    }

    @Test
    func `a page that was damaged on the source fails the drill, even without checksums`() async throws {
        try await blocking {
            let fixture = try RestoreFixture { $0.hasChecksums = false }
            try fixture.fill()
            let path = try fixture.source.psql("SELECT pg_relation_filepath('ticket')")
            try fixture.source.stop()
            try fixture.damageFile("\(fixture.source.dataDirectory)/\(path)", at: 3 * 8192, count: 200)
            try fixture.source.start()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let result = try drill.run(manifest)
            #expect(result.verdict == .failed, "\(result.reasons) \(result.checks)")
            #expect(result.reasons.contains { $0.contains("ticket") }, "\(result.reasons)")
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `a damaged page of an index is found by its checksum`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let path = try fixture.source.psql("SELECT pg_relation_filepath('ticket_place_at_idx')")
            try fixture.source.stop()
            try fixture.damageFile("\(fixture.source.dataDirectory)/\(path)", at: 5 * 8192 + 4000, count: 8)
            try fixture.source.start()
            let manifest = try fixture.backUp()
            let result = try DrillBench(fixture).run(manifest)
            #expect(result.verdict == .failed)
            #expect(result.checks.first { $0.name == "page checksums" }?.state == .failed, "\(result.checks)")
        }
    }

    @Test
    func `a damaged pack fails the drill by its name`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let manifest = try fixture.backUp()
            let pack = try #require(try fixture.packs(.data).first)
            for offset in stride(from: Int64(100), to: 40_000, by: 97) { try fixture.damage(pack, at: offset) }
            let drill = try DrillBench(fixture)
            let result = try drill.run(manifest)
            #expect(result.verdict == .failed)
            #expect(result.reasons.first?.contains(pack) == true, "\(result.reasons)")
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `missing server programs can't be judged, and the hint says how to get them`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let result = try drill.run(manifest) { $0.programs = "/nowhere" }
            #expect(result.verdict == .cannotJudge)
            #expect(result.hints.contains { $0.contains("apt-get install postgresql-") })
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `a missing right can't be judged`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let result = try DrillBench(fixture).run(manifest) {
                if geteuid() == 0 {
                    $0.user = "root"
                } else {
                    $0.directory = "/proc/drills"
                }
            }
            #expect(result.verdict == .cannotJudge, "\(result.reasons)")
        }
    }

    @Test
    func `a drill that takes too long can't be judged and leaves nothing`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let result = try drill.run(manifest) {
                $0.timeout = .seconds(4)
                $0.statements = [DrillStatement(sql: "SELECT pg_sleep(600)")]
            }
            #expect(result.verdict == .cannotJudge, "\(result.reasons)")
            try drill.expectNothingLeft()
        }
    }

    /// The postmaster itself, or the process that serves the drill: a kernel short of memory picks one.
    @Test(arguments: ["config_file", "SELECT"])
    func `a server that is killed from outside can't be judged`(_ title: String) async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let progress = ProgressMeter()
            startThread("killer") {
                progress.waitForPhase("checking")
                let deadline = ContinuousClock.now + .seconds(60)
                while ContinuousClock.now < deadline {
                    let running = RunningServers.list().filter { $0.directory.hasPrefix(drill.directory) }.map(\.pid)
                    let victim = running.first { pid in
                        (try? Folders.text(of: "/proc/\(pid)/cmdline"))?.contains(title) ?? false
                    }
                    if let victim {
                        kill(victim, SIGKILL)
                        return
                    }
                    usleep(1_000)
                }
            }
            let result = try drill.run(manifest, progress: progress) {
                $0.statements = [DrillStatement(sql: "SELECT pg_sleep(600)")]
            }
            #expect(result.verdict == .cannotJudge, "\(result.reasons)")
            #expect(result.reasons.first?.contains("ended from outside") == true, "\(result.reasons)")
            try drill.expectNothingLeft()
        }
    }

    @Test(arguments: ["pg_checksums", "pg_waldump"])
    func `a program that is killed can't judge`(_ program: String) async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let programs = try TemporaryDirectory(prefix: "rp")
            try Program.check("chmod", ["755", programs.path])
            for name in ServerPrograms.needed where name != program {
                try Program.check("ln", ["-s", fixture.source.binaries.path(name), programs.path(name)])
            }
            try Program.check(
                "sh",
                ["-c", "printf '#!/bin/sh\nkill -9 $$\n' >$0; chmod 755 $0", programs.path(program)]
            )
            let result = try drill.run(manifest) { $0.programs = programs.path }
            #expect(result.verdict == .cannotJudge, "\(result.reasons)")
            #expect(result.reasons.contains { $0.contains("\(program) was ended from outside") }, "\(result.reasons)")
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `a program's end does not wait for one that it left behind with its output`() async throws {
        try await blocking {
            let lines = OutputTail()
            let script = "echo ready; sleep 600 & echo $!"
            let child = try ChildProcess("/bin/sh", ["-c", script]) { lines.add($0) }
            #expect(try child.wait(deadline: DrillDeadline(in: .seconds(60)), cancellation: nil) == .exited(0))
            #expect(lines.lines.first == "ready")
            let left = try #require(lines.lines.last.flatMap { pid_t($0) })
            // It is a dead one at most, until whoever adopts it takes notice.
            let state = try Program.run("ps", ["-o", "stat=", "-p", "\(left)"]).output
            #expect(state.isEmpty || state.hasPrefix("Z"), "\(state)")
        }
    }

    @Test
    func `a cancelled drill leaves nothing`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let drill = try DrillBench(fixture)
            let progress = ProgressMeter()
            let cancellation = CancellationFlag()
            startThread("canceller") {
                progress.waitForPhase("checking")
                cancellation.cancel()
            }
            #expect(throws: CancellationError.self) {
                try drill.run(manifest, cancellation: cancellation, progress: progress) {
                    $0.statements = [DrillStatement(sql: "SELECT pg_sleep(600)")]
                }
            }
            try drill.expectNothingLeft()
        }
    }

    @Test
    func `a tablespace created during the backup can't be judged, and its place is not written to`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let place = fixture.scratch.path("late")
            try Program.check("mkdir", [place])
            if let user = fixture.source.user { try Program.check("chown", [user.name, place]) }
            let manifest = try fixture.backUp(slowly: {
                try fixture.source.execute("CREATE TABLESPACE late LOCATION '\(place)'")
            })
            let before = try RestoreFixture.snapshot(of: place)
            let result = try DrillBench(fixture).run(manifest)
            #expect(result.verdict == .cannotJudge, "\(result.reasons)")
            #expect(result.reasons.first?.contains(place) == true, "\(result.reasons)")
            #expect(try RestoreFixture.snapshot(of: place) == before)
        }
    }

    @Test
    func `a drill beside its source writes to nothing of it`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let place = fixture.scratch.path("space")
            try Program.check("mkdir", [place])
            if let user = fixture.source.user { try Program.check("chown", [user.name, place]) }
            try fixture.source.execute("CREATE TABLESPACE space LOCATION '\(place)'")
            try fixture.source.execute("CREATE TABLE t TABLESPACE space AS SELECT g FROM generate_series(1, 9) g")
            let manifest = try fixture.backUp()
            try fixture.source.stop()
            let before = try [place, fixture.source.dataDirectory].map(RestoreFixture.snapshot)
            let result = try DrillBench(fixture).run(manifest)
            #expect(result.verdict == .passed, "\(result.reasons)")
            #expect(try [place, fixture.source.dataDirectory].map(RestoreFixture.snapshot) == before)
        }
    }

    @Test
    func `the drill of a dead process is removed, with its server`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let drill = try DrillBench(fixture)
            let server = try PrivatePostgres()
            let scratch = "\(drill.directory)/j7"
            try Program.check("mkdir", ["-p", scratch])
            try server.stop()
            try Program.check("cp", ["-a", server.dataDirectory, "\(scratch)/data"])
            try Program.check("touch", ["\(scratch)/lock"])
            for folder in [drill.directory, scratch] { try Program.check("chmod", ["755", folder]) }
            let left = try PrivatePostgres.start(on: "\(scratch)/data")
            var owner = stat()
            #expect(stat("\(scratch)/data", &owner) == 0)
            let users: Set = [owner.st_uid]
            #expect(!RunningServers.processes(of: "\(scratch)/data", users: users).servers.isEmpty)
            #expect(Drill.removeLeftovers(directory: drill.directory, runtimeDirectory: drill.runtime) == ["j7"])
            #expect(access(scratch, F_OK) != 0)
            let after = RunningServers.processes(of: "\(scratch)/data", users: users)
            #expect(after.servers.isEmpty && after.guards.isEmpty, "\(after)")
            try left.stop()
        }
    }

    @Test
    func `with the drill of a dead process go its guards and its socket, and nothing that others have there`()
        async throws
    {
        try await blocking {
            let folder = try TemporaryDirectory(prefix: "rd")
            let (drills, runtime) = (folder.path("drills"), folder.path("run"))
            let data = "\(drills)/j7/data"
            let (socket, foreign) = ("\(runtime)/dabcdef", folder.path("dabcdef"))
            try Program.check("mkdir", ["-p", data, "\(drills)/j8", socket, foreign])
            for (job, socket) in [("j7", socket), ("j8", foreign)] {
                try Folders.write("", to: "\(drills)/\(job)/lock", owner: nil)
                try Folders.write(socket, to: "\(drills)/\(job)/socket", owner: nil)
            }
            // An operator's program that looks into the folder, and a guard that is about to start a server there.
            let script = "import os, signal, sys; os.chdir(sys.argv[-1]); signal.pause()"
            let null = try OpenFile.open("/dev/null", O_RDWR)
            let start = { (name: String) in
                try Program.start(
                    "python3",
                    ["-c", script, name, data],
                    input: null.number,
                    output: null.number,
                    errors: null.number
                )
            }
            let onlooker = try start("look")
            defer { end(onlooker) }
            let guardian = try start("recyclic-guard")
            defer { end(guardian) }
            let deadline = ContinuousClock.now + .seconds(60)
            let isThere = { (process: pid_t) in
                access("/proc/\(process)/cwd/../lock", F_OK) == 0
            }
            while !(isThere(onlooker) && isThere(guardian)), ContinuousClock.now < deadline { usleep(1_000) }

            let removed = Drill.removeLeftovers(directory: drills, runtimeDirectory: runtime)
            #expect(removed == ["j7", "j8"])
            var status: Int32 = 0
            #expect(waitpid(onlooker, &status, WNOHANG) == 0, "the operator's program was ended")
            // It was sent the signal before its folder was removed.
            let isEnded = access("/proc/\(guardian)/cwd", F_OK) != 0
            #expect(isEnded, "the guard is still there")
            #expect(access(socket, F_OK) != 0 && access(foreign, F_OK) == 0)
        }
    }

    @Test
    func `a drill that died before it had locked its folder is removed, and nothing else that is empty`() async throws {
        try await blocking {
            let folder = try TemporaryDirectory(prefix: "rd")
            for name in ["j12", "lost+found", "j", "jobs"] { mkdir(folder.path(name), 0o700) }
            mkdir(folder.path("j13"), 0o700)
            mkdir(folder.path("j13/data"), 0o700)
            #expect(Drill.removeLeftovers(directory: folder.path, runtimeDirectory: folder.path) == ["j12"])
            #expect(access(folder.path("j13"), F_OK) == 0 && access(folder.path("lost+found"), F_OK) == 0)
        }
    }

    @Test
    func `a running drill is not taken for a dead one`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let drill = try DrillBench(fixture)
            let folders = try DrillFolders(drill.options(), owner: nil)
            #expect(Drill.removeLeftovers(directory: drill.directory, runtimeDirectory: drill.runtime).isEmpty)
            #expect(access(folders.scratch, F_OK) == 0)
            folders.remove()
            try drill.expectNothingLeft()
        }
    }

    private func end(_ process: pid_t) {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }
}
