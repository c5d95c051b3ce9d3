import Glibc
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("A program of PostgreSQL's client")
struct ClientProgramTests {
    @Test("that computes is told from one that waits")
    func ticks() async throws {
        try await blocking {
            let busy = try ClientProgram("/bin/sh", ["-c", "while :; do :; done"], environment: [])
            let idle = try ClientProgram("/bin/cat", [], environment: [], input: .pipe)
            let (first, before) = (busy.ticks, idle.ticks)
            let deadline = ContinuousClock.now + .seconds(60)
            while !ProgramPump.hasWorked(first, busy.ticks), ContinuousClock.now < deadline { usleep(10_000) }
            #expect(ProgramPump.hasWorked(first, busy.ticks) && !ProgramPump.hasWorked(before, idle.ticks))
            #expect(!ProgramPump.hasWorked(nil, 5_000) && !ProgramPump.hasWorked(1, nil))
            busy.end()
            idle.end()
            #expect(busy.ticks == nil)
        }
    }

    @Test("that can't be started is no error of the repository, and says what to do")
    func start() {
        // More than the kernel takes for one argument.
        let endless = String(repeating: "x", count: 300_000)
        let error = #expect(throws: BackupError.self) { try ClientProgram("/bin/true", [endless], environment: []) }
        #expect(error?.code == "programNotStarted" && error?.message.contains("'/bin/true'") == true)
        #expect(error?.hint != nil)
        let cases: [(Int32, String)] = [
            (ENOENT, "apt-get install -y util-linux"), (EAGAIN, "TasksMax="), (ENOMEM, "free -m"), (EPERM, "ls -l"),
            (EMFILE, "ulimit -n"),
        ]
        for (number, text) in cases {
            let error = BackupError.notStarted("/x/pg_dump", errno: number, launcher: "/usr/bin/setpriv")
            #expect(error.code == "programNotStarted" && error.hint?.contains(text) == true, "\(error)")
        }
    }
}
