import Blocking
import CLinux
import Glibc
import Repository

/// A program of PostgreSQL's client that runs beside us, such as pg_dump: bytes go in or come out through pipes, what it
/// says on its standard error is kept.
///
/// It is told to end (SIGTERM, by which these programs cancel what the server does for them) when the thread that started it
/// ends, which our death is too. Not Sendable: started, fed and waited for on one thread.
final class ClientProgram {
    /// How the program's standard input is made.
    enum Input {
        /// There is none.
        case none
        /// A pipe that we write to.
        case pipe
    }

    /// Starts the program so that it ends when we do; of Debian's util-linux.
    private static let launcher = "/usr/bin/setpriv"
    /// How long a program may take to end after it was asked to, before it is ended.
    private static let patience = Duration.seconds(5)
    /// Large pipes spare changes between the two processes (pipe(7)); more than this only root may have.
    private static let pipeBytes: Int32 = 1 << 20

    /// The program's name, for messages.
    let name: String
    /// What it said.
    let messages = ProgramMessages()
    private let pid: pid_t
    private let output: OpenPipe
    private let input: OpenPipe?
    private let saidAll = CancellationFlag()
    private var status: ChildProcess.Status?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program, absolute.
    ///   - arguments: Its arguments, without its name; everybody on the machine can read them.
    ///   - environment: All of its environment.
    ///   - input: How its standard input is made.
    ///   - user: As whom, where that is not ourselves; root only.
    /// - Throws: ``BackupError`` `programNotStarted`.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String],
        input: Input = .none,
        as user: DrillUser = .ourselves
    ) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        let (errors, null): (OpenPipe, OpenFile)
        do {
            errors = try OpenPipe()
            output = try OpenPipe()
            self.input = input == .pipe ? try OpenPipe() : nil
            null = try OpenFile.open("/dev/null", O_RDONLY)
        } catch let error as RepositoryError {
            throw BackupError.notStarted(path, error.message)
        }
        for pipe in [output, self.input] { if let pipe { _ = linux_enlarge_pipe(pipe.reading, Self.pipeBytes) } }
        if let writing = self.input?.writing { _ = fcntl(writing, F_SETFL, O_NONBLOCK) }
        var command = [Self.launcher]
        if case .switching(_, let uid, let gid) = user {
            command += ["--reuid", "\(uid)", "--regid", "\(gid)", "--clear-groups"]
        }
        command += ["--no-new-privs", "--pdeathsig", "TERM", "--", path] + arguments
        var child = pid_t()
        let code = Self.spawn(
            command,
            environment,
            input: self.input?.reading ?? null.number,
            output: output.writing,
            errors: errors.writing,
            &child
        )
        guard code == 0 else { throw BackupError.notStarted(path, errno: code, launcher: Self.launcher) }
        pid = child
        output.closeWriting()
        errors.closeWriting()
        self.input?.closeReading()
        startThread("program messages") { [messages, saidAll] in
            errors.forEachLine { messages.add($0) }
            saidAll.cancel()
        }
    }

    deinit {
        end()
    }

    // MARK: - Bytes

    /// Reads what it writes, as far as it has come.
    ///
    /// - Returns: The number of bytes, 0 at the end; `nil` when nothing came in time.
    /// - Throws: ``BackupError`` `programFailed`.
    func read(into buffer: UnsafeMutableRawBufferPointer, within patience: Duration) throws -> Int? {
        var state = pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0)
        let ready = Glibc.poll(&state, 1, Int32(patience / .milliseconds(1)))
        if ready == 0 || ready < 0 && errno == EINTR { return nil }
        guard ready > 0 else { throw BackupError.unreadable(name, errno: errno) }
        let count = Glibc.read(output.reading, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        guard count >= 0 else { throw BackupError.unreadable(name, errno: errno) }
        return count
    }

    /// Writes to its standard input; waits while it takes nothing.
    ///
    /// - Returns: Whether it took the bytes: `false` when it reads no more.
    /// - Throws: `CancellationError`.
    func write(_ bytes: UnsafeRawBufferPointer, _ cancellation: CancellationFlag) throws -> Bool {
        guard let input else { preconditionFailure("\(name) has no standard input") }
        var rest = bytes[...]
        while !rest.isEmpty {
            try cancellation.check()
            var state = pollfd(fd: input.writing, events: Int16(POLLOUT), revents: 0)
            guard Glibc.poll(&state, 1, 200) > 0 else { continue }
            if state.revents & Int16(POLLERR) != 0 { return false }
            // Our end does not wait: it takes what there is room for.
            let count = input.write(UnsafeRawBufferPointer(rebasing: rest))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more comes in.
    func closeInput() {
        input?.closeWriting()
    }

    // MARK: - Work

    /// How much of a processor's time it has used, in the kernel's ticks (proc(5)); `nil` when that is not known any more.
    var ticks: Int? {
        guard let text = try? Folders.text(of: "/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        // The fields after the name, which may hold anything: the state is the first.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
        return user + system
    }

    // MARK: - End

    /// Whether it has ended, and how.
    func poll() -> ChildProcess.Status? {
        if let status { return status }
        var code: Int32 = 0
        guard waitpid(pid, &code, WNOHANG) == pid else { return nil }
        let signal = code & 0x7f
        status = signal == 0 ? .exited((code >> 8) & 0xff) : .signalled(signal)
        return status
    }

    /// Waits for its end.
    ///
    /// - Throws: `CancellationError`; the program was ended then.
    func wait(_ cancellation: CancellationFlag) throws -> ChildProcess.Status {
        while true {
            if let status = poll() {
                let patience = DrillDeadline(in: Self.patience)
                while !saidAll.isCancelled, !patience.hasPassed { usleep(1_000) }
                return status
            }
            if cancellation.isCancelled {
                end()
                throw CancellationError()
            }
            usleep(2_000)
        }
    }

    /// Ends it, if it still runs: asks first, so that it can cancel what the server does for it.
    func end() {
        guard poll() == nil else { return }
        kill(pid, SIGTERM)
        output.closeReading()
        input?.closeWriting()
        let patience = DrillDeadline(in: Self.patience)
        while poll() == nil, !patience.hasPassed { usleep(2_000) }
        guard poll() == nil else { return }
        kill(pid, SIGKILL)
        while poll() == nil { usleep(2_000) }
    }

    private static func spawn(
        _ command: [String],
        _ environment: [String],
        input: Int32,
        output: Int32,
        errors: Int32,
        _ child: inout pid_t
    ) -> Int32 {
        let argv = command.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer {
            for text in argv { free(text) }
            for text in envp {
                // Passwords are among them.
                if let text { explicit_bzero(text, strlen(text)) }
                free(text)
            }
        }
        return linux_spawn_streams(command[0], argv, envp, input, output, errors, &child)
    }
}
