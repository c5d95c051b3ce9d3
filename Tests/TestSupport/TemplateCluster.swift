import Synchronization

/// A cluster that initdb made once in this process; each test's server starts on a copy.
///
/// initdb takes seconds, a copy tenths of one. All copies have the same system identifier.
final class TemplateCluster: Sendable {
    private let directory: TemporaryDirectory

    private static let made = Mutex<[ServerBinaries: TemplateCluster]>([:])

    /// The template for these programs, made when there is none yet.
    static func shared(_ binaries: ServerBinaries) throws -> TemplateCluster {
        try made.withLock { made in
            if let template = made[binaries] { return template }
            let template = try TemplateCluster(binaries)
            made[binaries] = template
            return template
        }
    }

    private init(_ binaries: ServerBinaries) throws {
        directory = try TemporaryDirectory(prefix: "rtpl")
        // Kept for the life of the process; its end removes it.
        try Self.initialise(directory.path, binaries: binaries, arguments: ["--data-checksums"])
    }

    /// Copies the cluster into `parent` as the folder `data`.
    func copy(into parent: String) throws {
        try Program.check("cp", ["-a", "--reflink=auto", directory.path("data"), "\(parent)/data"])
    }

    /// Runs initdb for the folder `data` in `parent`.
    static func initialise(_ parent: String, binaries: ServerBinaries, arguments: [String]) throws {
        let user = try ServerUser.find()
        try user?.own(parent)
        let command = user.command(
            binaries.path("initdb"),
            [
                "--pgdata", "\(parent)/data", "--username", "postgres", "--encoding", "UTF8", "--locale", "C.UTF-8",
                "--auth", "trust", "--no-sync",
            ] + arguments
        )
        try Program.check(command.program, command.arguments, environment: serverEnvironment)
    }
}

/// The environment of a test's server: the same on every machine.
let serverEnvironment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/",
]
