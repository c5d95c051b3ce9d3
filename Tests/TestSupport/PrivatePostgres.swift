import Glibc
import Synchronization

/// A PostgreSQL server of a test's own: in a temporary folder, on a Unix socket in it, gone with the object.
///
/// The superuser is `postgres`, the database `postgres`. When the tests run as root the server runs as another user
/// (``ServerUser``). It dies with this process, however that ends. Every call blocks the calling thread.
package final class PrivatePostgres: Sendable {
    /// How to stop a server (pg_ctl(1)).
    package enum StopMode: Int32, Sendable {
        /// Ends sessions, writes a checkpoint.
        case fast = 2  // SIGINT
        /// Ends sessions, leaves the rest to crash recovery.
        case immediate = 3  // SIGQUIT
    }

    private struct Running {
        let pid: pid_t
        let watchdog: Watchdog
    }

    /// The server's programs.
    package let binaries: ServerBinaries
    /// The data directory.
    package let dataDirectory: String
    /// The folder with the server's Unix socket: give it as `host`.
    package let socketDirectory: String
    /// The port: part of the socket's name, and the TCP port on 127.0.0.1 when the options ask for one.
    package let port: Int
    /// The options that it was made with.
    package let options: Options
    /// The user it runs as; `nil` is the user that runs the tests.
    package let user: ServerUser?
    /// The file with the server's messages.
    package let logFile: String

    private let scratch: TemporaryDirectory
    private let running = Mutex<Running?>(nil)

    /// Makes a cluster and starts a server on it.
    ///
    /// - Throws: ``TestSupportError`` with the server's last messages when it doesn't start.
    package convenience init(_ options: Options = Options()) throws {
        try self.init(existing: nil, options)
    }

    /// Starts a server on a data directory that is there already: a restored one, say.
    ///
    /// The folder is left in place afterwards. Root gives it to the server's user, with all in it. Settings of the
    /// options go to its postgresql.conf, and its pg_hba.conf is left as it is under ``Authentication/trust``.
    package static func start(on directory: String, _ options: Options = Options()) throws -> PrivatePostgres {
        try PrivatePostgres(existing: directory, options)
    }

    private init(existing: String?, _ options: Options) throws {
        binaries = try options.binaries ?? ServerBinaries.find()
        user = try ServerUser.find()
        self.options = options
        scratch = try TemporaryDirectory(prefix: "rpg")
        socketDirectory = scratch.path("s")
        logFile = scratch.path("log")
        dataDirectory = existing ?? scratch.path("data")
        port = options.listensOnTCP ? try freePort() : 5432
        guard mkdir(socketDirectory, 0o755) == 0 else {
            throw TestSupportError("can't make '\(socketDirectory)': \(lastErrorText())")
        }
        if existing == nil { try makeCluster() }
        try configure(isNew: existing == nil)
        try user?.own(scratch.path)
        if existing != nil { try user?.own(dataDirectory) }
        if options.startsAtOnce { try start() }
    }

    deinit {
        try? stop(.immediate)
    }

    /// The server's process id, or `nil` while it is stopped.
    package var pid: Int32? {
        running.withLock { $0?.pid }
    }

    /// Where clients connect: `postgresql://postgres@/postgres?host=…&port=…`.
    package var url: String {
        "postgresql://postgres@/postgres?host=\(socketDirectory)&port=\(port)"
    }

    /// All that the server wrote so far.
    package var log: String {
        (try? Program.run("cat", [logFile]).output) ?? ""
    }

    // MARK: - Life

    /// Starts the server and waits until it takes connections; as a hot standby, until it takes read-only ones.
    package func start() throws {
        guard pid == nil else { return }
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(log)
            close(null)
        }
        let command = user.command(binaries.path("postgres"), ["-D", dataDirectory] + commandLineSettings)
        let child = try Program.start(
            command.program,
            command.arguments,
            input: null,
            output: log,
            errors: log,
            environment: serverEnvironment
        )
        // Kills nothing but a process that works in this data directory: the id may have been given away since.
        let watchdog = try Watchdog(
            whenWeDie: """
                [ "$(readlink /proc/\(child)/cwd)" = '\(dataDirectory)' ] && kill -QUIT \(child)
                for i in 1 2 3 4 5 6 7 8 9 10; do [ -d /proc/\(child) ] && sleep 0.2; done
                rm -rf '\(scratch.path)'
                """
        )
        running.withLock { $0 = Running(pid: child, watchdog: watchdog) }
        try waitUntilReady(child)
    }

    /// Stops the server and waits for its end; does nothing when it is stopped.
    package func stop(_ mode: StopMode = .fast) throws {
        guard let server = running.withLock({ $0 }) else { return }
        Glibc.kill(server.pid, mode.rawValue)
        let ended = waitUntil { self.hasEnded(server.pid) }
        if !ended {
            Glibc.kill(server.pid, SIGKILL)
            killProcessesInDataDirectory()
            _ = waitUntil { self.hasEnded(server.pid) }
        }
        forget(server)
        if !ended { throw TestSupportError("the server did not stop within \(options.patience); it was killed") }
    }

    /// Stops and starts the server.
    package func restart(_ mode: StopMode = .fast) throws {
        try stop(mode)
        try start()
    }

    /// Kills the server and every process of it with SIGKILL, as a power cut would.
    package func kill() {
        guard let server = running.withLock({ $0 }) else { return }
        Glibc.kill(server.pid, SIGKILL)
        _ = waitUntil { self.hasEnded(server.pid) }
        _ = waitUntil { self.killProcessesInDataDirectory() == 0 }
        forget(server)
    }

    private func forget(_ server: Running) {
        server.watchdog.dismiss()
        running.withLock { $0 = nil }
    }

    private func hasEnded(_ child: pid_t) -> Bool {
        var status: Int32 = 0
        return waitpid(child, &status, WNOHANG) != 0
    }

    private func waitUntilReady(_ child: pid_t) throws {
        var ended = false
        let ready = waitUntil {
            // Line 8 of postmaster.pid is the state (src/backend/utils/init/miscinit.c); a file left by a killed server
            // has another process id in its first line.
            let lines = ((try? Program.run("cat", [self.dataDirectory + "/postmaster.pid"]).output) ?? "")
                .split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count > 7, lines[0] == "\(child)", lines[7].hasPrefix("ready") || lines[7].hasPrefix("standby") {
                return true
            }
            ended = self.hasEnded(child)
            return ended
        }
        guard !ready || ended else { return }
        let messages = log.split(separator: "\n").suffix(12).joined(separator: "\n")
        if ended {
            running.withLock { server in
                server?.watchdog.dismiss()
                server = nil
            }
            throw TestSupportError("the server ended while it started:\n\(messages)")
        }
        try? stop(.immediate)
        throw TestSupportError("the server was not ready within \(options.patience):\n\(messages)")
    }

    private func waitUntil(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + options.patience
        while ContinuousClock.now < deadline {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }

    @discardableResult
    private func killProcessesInDataDirectory() -> Int {
        guard let folder = opendir("/proc") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let pid = Int32(name) else { continue }
            var target = [CChar](repeating: 0, count: 4096)
            guard readlink("/proc/\(pid)/cwd", &target, 4095) > 0 else { continue }
            let directory = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if directory == dataDirectory {
                Glibc.kill(pid, SIGKILL)
                count += 1
            }
        }
        return count
    }

    // MARK: - Making

    private func makeCluster() throws {
        if options.isUnique || !options.initdbArguments.isEmpty || !options.hasChecksums {
            let checksums = options.hasChecksums ? ["--data-checksums"] : []
            try TemplateCluster.initialise(
                scratch.path,
                binaries: binaries,
                arguments: checksums + options.initdbArguments
            )
        } else {
            try TemplateCluster.shared(binaries).copy(into: scratch.path)
        }
    }

    private func configure(isNew: Bool) throws {
        switch options.authentication {
        case .trust: break
        case .officialImage:
            try append("\nhost all all all scram-sha-256\n", to: "pg_hba.conf")
        case .custom(let text):
            try Program.check("sh", ["-c", "cat >\"$0\"", "\(dataDirectory)/pg_hba.conf"], input: text)
        }
        let lines = options.settings.sorted { $0.key < $1.key }.map { key, value in
            "\(key) = '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'\n"
        }
        if !lines.isEmpty { try append("\n" + lines.joined(), to: "postgresql.conf") }
    }

    private func append(_ text: String, to file: String) throws {
        try Program.check("sh", ["-c", "cat >>\"$0\"", "\(dataDirectory)/\(file)"], input: text)
    }

    /// Given on the command line, so that the data directory (and so a backup of it) knows nothing of the test.
    private var commandLineSettings: [String] {
        var settings = [
            "listen_addresses": options.listensOnTCP ? "127.0.0.1" : "",
            "port": "\(port)",
            "unix_socket_directories": socketDirectory,
            "fsync": options.syncs ? "on" : "off",
            "shared_buffers": "16MB",
            "logging_collector": "off",
            "log_destination": "stderr",
        ]
        for name in options.settings.keys { settings[name] = nil }
        return settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }
}
