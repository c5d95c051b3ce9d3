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
    enum Status: Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// The id of the process that was started (a guard's, mostly).
    let pid: pid_t
    private let input: OpenPipe
    private let drained: BlockingQueue<Void>
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
        drained = BlockingQueue(capacity: 1)
        pid = try Self.spawn(path, arguments, environment, input: input.reading, output: fromChild.writing)
        fromChild.closeWriting()
        input.closeReading()
        startThread("drill output") { [drained] in
            fromChild.forEachLine(output)
            drained.put(())
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
                if !isKilled { _ = drained.take() }
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
