package import Glibc

/// Runs other programs from tests: one call, everything captured.
package enum Program {
    /// How a program ended and what it wrote.
    package struct Result: Sendable {
        /// The exit code, or 128 + the signal's number.
        package let status: Int32
        /// All of standard output.
        package let output: String
        /// All of standard error.
        package let errors: String
    }

    /// Runs a program to its end. It blocks the calling thread.
    ///
    /// - Parameters:
    ///   - path: The program; looked for in `PATH` when it has no slash.
    ///   - arguments: Its arguments, without its name.
    ///   - input: What it reads from standard input.
    ///   - environment: Its whole environment; by default this process's.
    /// - Throws: ``TestSupportError`` when it can't be started. A bad exit code is a result, not an error.
    @discardableResult
    package static func run(
        _ path: String,
        _ arguments: [String],
        input: String = "",
        environment: [String: String]? = nil
    ) throws -> Result {
        let (stdin, stdout, stderr) = try (scratchFile(), scratchFile(), scratchFile())
        defer { for file in [stdin, stdout, stderr] { close(file) } }
        try writeAll(input, to: stdin)
        lseek(stdin, 0, SEEK_SET)
        let child = try start(
            path,
            arguments,
            input: stdin,
            output: stdout,
            errors: stderr,
            environment: environment
        )
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 && errno == EINTR {}
        return Result(status: exitCode(status), output: readAll(stdout), errors: readAll(stderr))
    }

    /// Runs a program that must succeed.
    ///
    /// - Returns: Its standard output.
    /// - Throws: ``TestSupportError`` with its standard error when it exits with another code than 0.
    @discardableResult
    package static func check(
        _ path: String,
        _ arguments: [String],
        input: String = "",
        environment: [String: String]? = nil
    ) throws -> String {
        let result = try run(path, arguments, input: input, environment: environment)
        guard result.status == 0 else {
            throw TestSupportError("'\(path)' exited with \(result.status): \(result.errors)\(result.output)")
        }
        return result.output
    }

    /// Starts a program with the given descriptors as its standard ones.
    ///
    /// - Parameter leadsSession: Whether it gets a session of its own, so that signals from the terminal miss it.
    /// - Returns: Its process id; the caller must wait for it.
    package static func start(
        _ path: String,
        _ arguments: [String],
        input: Int32,
        output: Int32,
        errors: Int32,
        environment: [String: String]? = nil,
        leadsSession: Bool = false
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (leadsSession ? 0x80 : 0)  // POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        argv.append(nil)
        defer { for argument in argv { free(argument) } }
        var child = pid_t()
        let code: Int32
        if let environment {
            var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
            envp.append(nil)
            defer { for entry in envp { free(entry) } }
            code = posix_spawnp(&child, path, &actions, &attributes, argv, envp)
        } else {
            code = posix_spawnp(&child, path, &actions, &attributes, argv, environ)
        }
        guard code == 0 else {
            throw TestSupportError("can't start '\(path)': \(String(cString: strerror(code)))")
        }
        return child
    }

    /// The exit code as a shell gives it: 128 + the number when a signal ended the process.
    package static func exitCode(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// A file without a name, closed in every child.
    private static func scratchFile() throws -> Int32 {
        let path = "/tmp/rt-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TestSupportError("can't make '\(path)': \(lastErrorText())") }
        unlink(path)
        return descriptor
    }

    private static func writeAll(_ text: String, to descriptor: Int32) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestSupportError("write: \(lastErrorText())") }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func readAll(_ descriptor: Int32) -> String {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return "" }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
