import PostgresClient
import TestSupport

@testable import Protection

/// A private server, doctor's set-up for it, and a shell in which the lines that doctor prints act on that server.
struct DoctorScene {
    let server: PrivatePostgres
    let folder: TemporaryDirectory
    var setup: DoctorSetup

    /// Makes a server with the role `recyclic` and looks at it over the socket, or over TCP with a password.
    static func make(
        role: String = "LOGIN REPLICATION",
        password: String? = nil,
        _ change: @escaping @Sendable (inout PrivatePostgres.Options) -> Void = { _ in }
    ) async throws -> DoctorScene {
        let server = try await PrivatePostgres.started { options in
            options.syncs = true
            options.settings["max_slot_wal_keep_size"] = "1GB"
            change(&options)
        }
        let secret = password.map { " PASSWORD '\($0)'" } ?? ""
        try server.execute("CREATE ROLE recyclic \(role)\(secret)")
        try server.execute("CREATE DATABASE recyclic")
        let folder = try TemporaryDirectory(prefix: "doc")
        var connection = ConnectionSettings(
            host: password == nil ? server.socketDirectory : "127.0.0.1",
            port: server.port,
            user: "recyclic",
            password: password.map { Password($0) },
            database: "recyclic"
        )
        connection.connectTimeout = .seconds(5)
        return DoctorScene(server: server, folder: folder, setup: setup(connection, in: folder))
    }

    /// Folders that can be written to, and programs that are there.
    static func setup(_ connection: ConnectionSettings, in folder: TemporaryDirectory) -> DoctorSetup {
        var setup = DoctorSetup(
            connection: connection,
            repository: folder.path("state/repository"),
            stateDirectory: folder.path("state"),
            drillDirectory: folder.path("state/drills"),
            timeZone: "Europe/Paris"
        )
        setup.binDirectory = try? ServerBinaries.find().directory
        setup.freeCriticalBytes = 1
        setup.freeWarningBytes = 1
        return setup
    }

    /// Looks and judges.
    func findings() async throws -> [Diagnosis.Finding] {
        Diagnosis.findings(try await DoctorProbe(setup).facts())
    }

    /// Runs a finding's lines for one kind of system, as they are printed, and restarts the server where they say so.
    func mend(_ finding: Diagnosis.Finding, as place: Diagnosis.Place) throws {
        let lines = finding.mend.filter { $0.place == place }.flatMap(\.lines)
        let environment = [
            "PATH": "\(server.binaries.directory):/usr/bin:/bin", "HOME": folder.path,
            "PGHOST": server.socketDirectory, "PGPORT": "\(server.port)", "PGUSER": "postgres",
            "PGDATA": server.dataDirectory,
        ]
        let script = ([Self.substitutes] + lines).joined(separator: "\n")
        try Program.check("/bin/bash", ["-e", "-c", script], environment: environment)
        if lines.contains(where: { $0.contains("restart") }) { try server.restart() }
    }

    /// Stand in for what a private server has not: another user, a container, a unit.
    private static let substitutes = """
        sudo() { if [ "$1" = -u ]; then shift 2; fi; "$@"; }
        docker() {
            if [ "$1 $2" != "compose exec" ]; then return; fi
            shift 2
            if [ "$1" = -T ]; then shift; fi
            shift
            "$@"
        }
        systemctl() { :; }
        """
}

extension [Diagnosis.Finding] {
    /// The codes of what is critical.
    var wrong: [String] { filter { $0.level == .critical }.map(\.code) }

    /// The finding with a code.
    func first(_ code: String) -> Diagnosis.Finding? { first { $0.code == code } }
}
