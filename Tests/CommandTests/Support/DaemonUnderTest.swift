import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import Varlink

/// The real daemon in folders of its own, and the real client that talks to it.
final class DaemonUnderTest: Sendable {
    private struct Running {
        let pid: pid_t
        let watchdog: Watchdog
    }

    /// Everything of this daemon lies here.
    let folder: TemporaryDirectory
    /// The configuration file.
    var configuration: String { folder.path("recyclicd.env") }
    var runtime: String { folder.path("run") }
    var state: String { folder.path("state") }
    let repository: String
    var socket: String { folder.path("run/control.socket") }
    /// Where metrics and health are served, so that daemons of other tests are not in the way.
    var httpSocket: String { folder.path("run/http.socket") }
    private var logFile: String { folder.path("log") }

    private let variables: [String: String]
    private let running = Mutex<Running?>(nil)
    /// Parts of messages that a test expects among the errors of the log.
    private let expected = Mutex<[String]>([])

    /// - Parameters:
    ///   - settings: Lines of the configuration file beside those that keep the daemon from doing things unasked.
    ///   - runtimeOf: Another daemon, whose runtime folder this one shares.
    ///   - variables: What it finds in its environment besides.
    init(
        _ settings: [String: String],
        runtimeOf other: DaemonUnderTest? = nil,
        variables: [String: String] = [:]
    ) throws {
        self.variables = variables
        folder = try TemporaryDirectory(prefix: "re")
        repository = settings["BACKUP_REPOSITORY"] ?? folder.path("state/repository")
        if let other {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("run"),
                withDestinationPath: other.runtime
            )
        }
        try configure(settings)
    }

    deinit {
        kill(SIGKILL)
    }

    /// Writes the configuration file, readable for its owner only.
    func configure(_ settings: [String: String]) throws {
        var lines = [
            "BACKUP_SCHEDULE": "off", "DUMP_SCHEDULE": "off", "DRILL_SCHEDULE": "off", "VERIFY_SCHEDULE": "off",
            "BACKUP_ON_FIRST_START": "false", "BACKUP_OFFSITE_URL": "none", "POSTGRES_USER": "recyclic",
            "POSTGRES_DB": "recyclic", "HTTP_LISTEN": httpSocket,
        ]
        // Elsewhere than where packages put them, the programs are not found by themselves.
        if let folder = ProcessInfo.processInfo.environment["RECYCLIC_TEST_PG_BINDIR"] {
            lines["POSTGRES_BIN_DIRECTORY"] = folder
        }
        lines.merge(settings) { $1 }
        try writeConfiguration(lines.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined())
    }

    /// Writes this text as the configuration file.
    func writeConfiguration(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
        chmod(configuration, 0o600)
    }

    // MARK: - Life

    /// What the programs find in their environment: nothing of what the tests were started with.
    var environment: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return [
            "PATH": path, "LC_ALL": "C.UTF-8", "RUNTIME_DIRECTORY": runtime, "STATE_DIRECTORY": state,
            "RECYCLIC_SOCKET": socket,
        ].merging(variables) { $1 }
    }

    var pid: pid_t? { running.withLock { $0?.pid } }

    /// Starts the daemon and waits until it answers.
    ///
    /// - Parameter wrapper: A program with its arguments that becomes the daemon in the end: `unshare …`.
    func start(under wrapper: [String] = []) async throws {
        let program = try Programs.path("recyclicd")
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(log)
            close(null)
        }
        let command = wrapper + [program, "serve", "--config", configuration]
        let child = try Program.start(
            command[0],
            Array(command.dropFirst()),
            input: null,
            output: log,
            errors: log,
            environment: environment
        )
        let watchdog = try Watchdog(
            whenWeDie: """
                case "$(readlink /proc/\(child)/exe)" in */recyclicd) kill -TERM \(child);; esac
                for i in 1 2 3 4 5 6 7 8 9 10; do [ -d /proc/\(child) ] && sleep 0.2; done
                case "$(readlink /proc/\(child)/exe)" in */recyclicd) kill -KILL \(child);; esac
                rm -rf '\(folder.path)'
                """
        )
        running.withLock { $0 = Running(pid: child, watchdog: watchdog) }
        let isReady = try await eventually {
            if let code = self.reap() { throw TestSupportError("recyclicd ended with \(code):\n\(self.log)") }
            guard access(self.socket, F_OK) == 0 else { return false }
            return try await self.ctl("jobs", "list").status == 0
        }
        guard isReady else { throw TestSupportError("recyclicd does not answer:\n\(log)") }
    }

    /// Sends a signal; with SIGKILL waits for the end.
    func kill(_ signal: Int32) {
        guard let process = running.withLock({ $0 }) else { return }
        Glibc.kill(process.pid, signal)
        guard signal == SIGKILL else { return }
        var status: Int32 = 0
        while waitpid(process.pid, &status, 0) == -1 && errno == EINTR {}
        forget(process)
    }

    /// Ends the daemon as systemd does, which must go well and leave no error in the log that no test expects.
    func stop() async throws {
        guard pid != nil else { return }
        kill(SIGTERM)
        let code = try await exitCode(within: .seconds(30))
        #expect(code == 0, "recyclicd ended with \(code.map(String.init) ?? "nothing within 30 s"):\n\(log)")
        if code == nil { kill(SIGKILL) }
        #expect(unexpectedErrors.isEmpty, "\(unexpectedErrors.joined(separator: "\n"))")
    }

    /// Waits for the daemon's end.
    func exitCode(within patience: Duration) async throws -> Int32? {
        var code: Int32?
        _ = try await eventually(within: patience) {
            code = self.reap()
            return code != nil
        }
        return code
    }

    private func reap() -> Int32? {
        guard let process = running.withLock({ $0 }) else { return nil }
        var status: Int32 = 0
        guard waitpid(process.pid, &status, WNOHANG) == process.pid else { return nil }
        forget(process)
        return Program.exitCode(status)
    }

    private func forget(_ process: Running) {
        process.watchdog.dismiss()
        running.withLock { $0 = nil }
    }

    /// Runs a statement in the daemon's own database, beside the daemon.
    ///
    /// - Returns: The first value of its first row; empty without one.
    @discardableResult
    func executeInState(_ sql: String) async throws -> String {
        let script = """
            import sqlite3, sys
            with sqlite3.connect(sys.argv[1], timeout=30) as database:
                row = database.execute(sys.argv[2]).fetchone()
            print("" if row is None else row[0], end="")
            """
        let file = "\(state)/state.sqlite"
        return try await onOwnThread { try Program.check("python3", ["-c", script, file, sql]) }
    }

    // MARK: - Log

    /// All that the daemon wrote so far.
    var log: String {
        (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
    }

    /// Says that errors with this text are part of the test.
    func expectError(_ text: String) {
        expected.withLock { $0.append(text) }
    }

    private var unexpectedErrors: [String] {
        let expected = expected.withLock { $0 }
        return log.split(separator: "\n").map(String.init).filter { line in
            let isHarmless = [" info ", " notice ", " debug ", " warning "].contains { line.contains($0) }
            return !isHarmless && !expected.contains { line.contains($0) }
        }
    }

    // MARK: - Talking to it

    /// Runs recyclicctl to its end.
    func ctl(_ arguments: String...) async throws -> Program.Result {
        try await ctl(arguments)
    }

    /// Runs recyclicctl to its end.
    func ctl(_ arguments: [String]) async throws -> Program.Result {
        try await run("recyclicctl", arguments)
    }

    /// Runs a subcommand of recyclicd that needs no daemon.
    func offline(_ arguments: String...) async throws -> Program.Result {
        try await offline(arguments)
    }

    /// Runs a subcommand of recyclicd that needs no daemon.
    func offline(_ arguments: [String]) async throws -> Program.Result {
        try await run("recyclicd", arguments + ["--config", configuration])
    }

    /// Runs recyclicctl with `--json`; what it prints must be JSON.
    func json(_ arguments: String..., exits code: Int32 = 0) async throws -> JSONValue {
        let result = try await run("recyclicctl", arguments + ["--json"])
        #expect(result.status == code, "\(arguments): \(result.output)\(result.errors)")
        return try JSONValue(parsing: result.output)
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> Program.Result {
        let path = try Programs.path(program)
        let environment = environment
        return try await onOwnThread { try Program.run(path, arguments, environment: environment) }
    }

    /// Takes a backup, which must go well.
    ///
    /// - Returns: The backup as the interface describes it.
    @discardableResult
    func backUp() async throws -> JSONValue {
        let output = try await json("trigger-backup")
        return try #require(output["backup"], "\(output)\n\(log)")
    }

    /// Takes a backup and waits until the jobs that follow it have ended, so that nothing else reads the repository.
    func backUpAndSettle() async throws -> JSONValue {
        let backup = try await backUp()
        let isQuiet = try await eventually {
            let jobs = try await self.json("jobs", "list")["jobs"]?.arrayValue ?? []
            let last = jobs.filter { $0["kind"]?.stringValue == "backup" }.compactMap { $0["id"]?.stringValue }
                .max { $0.count == $1.count ? $0 < $1 : $0.count < $1.count }
            return jobs.contains {
                $0["kind"]?.stringValue == "retention" && $0["requestedBy"]?.stringValue == "after \(last ?? "")"
                    && !["queued", "running"].contains($0["state"]?.stringValue ?? "")
            }
        }
        #expect(isQuiet, "retention has not followed:\n\(log)")
        return backup
    }

    /// Verifies all that is stored, every byte of it.
    func expectAllIsGood() async throws {
        let result = try await ctl("verify", "--full")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    /// Waits until a job is in one of the phases; any phase when none is named.
    ///
    /// - Returns: Whether the job is still running then.
    func waitForPhase(_ phases: Set<String> = [], of job: String) async throws -> Bool {
        var isRunning = false
        _ = try await eventually {
            let state = try await self.json("jobs", "show", job)["job"]
            let phase = state?["phase"]?.stringValue ?? ""
            isRunning = state?["state"]?.stringValue == "running"
            let isOver = state?["state"]?.stringValue != "queued" && !isRunning
            return isOver || isRunning && (phases.isEmpty ? !phase.isEmpty : phases.contains(phase))
        }
        return isRunning
    }

    /// Starts a job without waiting.
    ///
    /// - Returns: The job's name.
    func begin(_ arguments: String...) async throws -> String {
        let result = try await run("recyclicctl", arguments + ["--no-wait", "--json"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        return try #require(try JSONValue(parsing: result.output)["job"]?["id"]?.stringValue)
    }

    /// Waits for a job's end.
    ///
    /// - Returns: The job as it ended.
    func end(of job: String) async throws -> JSONValue {
        _ = try await ctl("jobs", "watch", job)
        return try #require(try await json("jobs", "show", job)["job"])
    }
}
