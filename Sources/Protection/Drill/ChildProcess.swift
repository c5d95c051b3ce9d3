import Blocking
import CLinux
import Glibc
import Repository

/// A program that a drill runs: its standard output and error go line by line to a closure, on a thread that reads the
/// pipe to its end; its standard input is a pipe that closes when we die.
///
/// Not Sendable; the output closure is called on another thread.
final class ChildProcess {
    /// How a program ended.
    enum Status: Equatable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .signalled(let signal): "signal \(signal)"
            }
        }
    }

    /// How long after a program's end its output may go on: as long as processes that it left behind take to end.
    private static let outputPatience = Duration.seconds(5)

    /// The id of the process that was started (a guard's, mostly).
    let pid: pid_t
    private let input: OpenPipe
    /// Set when the output has come to its end.
    private let drained = CancellationFlag()
    private var status: Status?

    /// Starts a program in a session of its own.
    ///
    /// - Parameters:
    ///   - path: The program, absolute.
    ///   - arguments: Its arguments, without its name.
    ///   - environment: All of its environment.
    ///   - output: Takes each line, without the line feed, cut to 4 KiB.
    /// - Throws: ``RepositoryError`` when it can't be started.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String] = ChildProcess.plainEnvironment,
        output: @escaping @Sendable (String) -> Void
    ) throws {
        let fromChild = try OpenPipe()
        input = try OpenPipe()
        pid = try Self.spawn(path, arguments, environment, input: input.reading, output: fromChild.writing)
        fromChild.closeWriting()
        input.closeReading()
        startThread("drill output") { [drained] in
            fromChild.forEachLine(output)
            drained.cancel()
        }
    }

    deinit {
        input.closeWriting()
        if status == nil { _ = try? wait(deadline: DrillDeadline(in: .seconds(30)), cancellation: nil) }
    }

    /// A locale that every machine has, and nothing of ours: no `PG…` variable, no secret.
    static let plainEnvironment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC", "HOME=/"]

    /// Asks the guard to stop the program in an orderly way.
    func stop() {
        input.write("stop\n")
    }

    /// Ends the program at once.
    func kill() {
        input.closeWriting()
    }

    /// Whether it has ended, and how.
    func poll() -> Status? {
        if let status { return status }
        var code: Int32 = 0
        guard waitpid(pid, &code, WNOHANG) == pid else { return nil }
        let signal = code & 0x7f
        status = signal == 0 ? .exited((code >> 8) & 0xff) : .signalled(signal)
        return status
    }

    /// Waits for its end and the end of its output; ends it when the deadline passes or the flag is set.
    ///
    /// - Throws: `CancellationError`; ``DrillObstacle`` when the deadline passed. The program has ended then too.
    @discardableResult
    func wait(deadline: DrillDeadline, cancellation: CancellationFlag?) throws -> Status {
        var isKilled = false
        var patience = 0
        while true {
            if let status = poll() {
                if !isKilled { awaitOutput() }
                try cancellation?.check()
                if isKilled { try deadline.check() }
                return status
            }
            if !isKilled, deadline.hasPassed || cancellation?.isCancelled == true {
                isKilled = true
                kill()
            }
            if isKilled {
                patience += 1
                // The guard has had its time: its whole session goes.
                if patience == 3_000 { _ = Glibc.kill(-pid, SIGKILL) }
            }
            usleep(5_000)
        }
    }

    /// Waits for the end of the output of a program that has ended. A process that it left behind and that keeps the pipe is
    /// ended, and one that is out of reach is not waited for.
    private func awaitOutput() {
        for attempt in 0..<2 {
            let patience = DrillDeadline(in: attempt == 0 ? Self.outputPatience : .seconds(1))
            while !drained.isCancelled, !patience.hasPassed { usleep(1_000) }
            if drained.isCancelled { return }
            _ = Glibc.kill(-pid, SIGKILL)
        }
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String],
        input: Int32,
        output: Int32
    ) throws -> pid_t {
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child = pid_t()
        let code = linux_spawn(path, argv, envp, input, output, &child)
        guard code == 0 else { throw RepositoryError(errno: code, "start", path: path) }
        return child
    }
}
