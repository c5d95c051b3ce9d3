import Blocking
import PostgresClient
import TestSupport
import Testing

@Suite struct ConnectTests {
    private func failure(_ settings: ConnectionSettings) async throws -> PostgresError {
        try await #require(throws: PostgresError.self) { try await Connection.connect(settings) }
    }

    @Test func `a wrong password, role or database is told apart and no password shows`() async throws {
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.authentication = .custom("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        }
        try server.execute("CREATE ROLE recyclic LOGIN PASSWORD 'hunter2'")
        _ = try await Connection.connect(server.tcpSettings(user: "recyclic", password: "hunter2"))
        var errors: [PostgresError] = []
        errors.append(try await failure(server.tcpSettings(user: "recyclic", password: "hunter3")))
        #expect(errors.last?.kind == .authenticationFailed)
        #expect(errors.last?.sqlState == "28P01")
        errors.append(try await failure(server.tcpSettings(user: "recyclic")))
        #expect(errors.last?.kind == .authenticationFailed)
        var settings = server.tcpSettings(user: "recyclic", password: "hunter2")
        settings.database = "nowhere"
        errors.append(try await failure(settings))
        #expect(errors.last?.kind == .databaseMissing)
        settings = server.tcpSettings(user: "nobody", password: "hunter2")
        errors.append(try await failure(settings))
        #expect(errors.last?.kind == .authenticationFailed)
        for error in errors {
            #expect(!error.description.contains("hunter"))
            #expect(error.hint != nil)
        }
    }

    @Test func `nothing that listens, a name that is none, and a socket that is none are told apart`() async throws {
        let port = try freePort()
        var settings = ConnectionSettings(host: "127.0.0.1", port: port, user: "u", database: "d")
        #expect(try await failure(settings).kind == .connectionRefused)
        settings.host = "postgres.invalid"
        #expect(try await failure(settings).kind == .hostNotFound)
        settings.host = "/nowhere"
        let error = try await failure(settings)
        #expect(error.kind == .connectionFailed)
        #expect(error.hint?.contains("/nowhere") == true)
    }

    @Test func `the official image's pg_hba lets strangers in with a password only, and gives the line it lacks`()
        async throws
    {
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.authentication = .officialImage
        }
        try server.execute(
            "CREATE ROLE recyclic LOGIN REPLICATION PASSWORD 'hunter2'; CREATE ROLE weak LOGIN PASSWORD 'hunter2'"
        )
        let stranger = try StallingProxy(to: server.port, sourceAddress: "127.0.0.2")
        let near = server.tcpSettings(user: "recyclic")
        _ = try await Connection.connect(near)
        let far = server.tcpSettings(user: "recyclic", password: "hunter2", through: stranger)
        _ = try await Connection.connect(far)
        let (direct, fallback) = try await onThread("replication") {
            (
                try ReplicationConnection.connect(near).mode,
                try ReplicationConnection.connect(far).mode
            )
        }
        #expect(direct == .physical)
        #expect(fallback == .database)
        let weak = server.tcpSettings(user: "weak", password: "hunter2", through: stranger)
        let error = try await #require(throws: PostgresError.self) {
            try await onThread("replication") { _ = try ReplicationConnection.connect(weak) }
        }
        #expect(error.kind == .permissionDenied)
        #expect(error.hint?.contains("ALTER ROLE weak LOGIN REPLICATION") == true)
        stranger.close()
    }

    @Test func `a refusal by pg_hba names the client's address in the line to add`() async throws {
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.authentication = .custom("local all postgres trust\n")
        }
        let stranger = try StallingProxy(to: server.port, sourceAddress: "127.0.0.2")
        let settings = server.tcpSettings(user: "recyclic", through: stranger)
        let error = try await failure(settings)
        #expect(error.kind == .notInHostBasedAccess)
        #expect(error.hint?.contains("`host postgres recyclic 127.0.0.2/32 scram-sha-256`") == true)
        let replication = try await #require(throws: PostgresError.self) {
            try await onThread("replication") { _ = try ReplicationConnection.connect(settings) }
        }
        #expect(replication.kind == .notInHostBasedAccess)
        let local = try await failure(server.settings(user: "recyclic"))
        #expect(local.hint?.contains("`local postgres recyclic scram-sha-256`") == true)
        stranger.close()
    }

    @Test func `too many connections and a server that recovers are told apart`() async throws {
        let server = try await PrivatePostgres.started {
            $0.settings = ["max_connections": "6", "superuser_reserved_connections": "1", "max_wal_senders": "2"]
        }
        try server.execute("CREATE ROLE guest LOGIN")
        var held: [Connection] = []
        var error: PostgresError?
        while error == nil, held.count < 10 {
            do { held.append(try await Connection.connect(server.settings(user: "guest"))) } catch let refused
                as PostgresError
            { error = refused }
        }
        #expect(error?.kind == .tooManyConnections)
        #expect(error?.isTransient == true)
    }

    @Test func `TLS is used and checked as sslmode says`() async throws {
        let folder = try TemporaryDirectory()
        try Program.check(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=elsewhere.example",
                "-keyout", folder.path("key.pem"), "-out", folder.path("cert.pem"),
            ]
        )
        if let user = try ServerUser.find() {
            try Program.check("chown", ["\(user.uid)", folder.path("key.pem")])
        }
        let (certificate, key) = (folder.path("cert.pem"), folder.path("key.pem"))
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.settings = ["ssl": "on", "ssl_cert_file": certificate, "ssl_key_file": key]
        }
        var settings = server.tcpSettings()
        settings.sslMode = .require
        let encrypted = try await Connection.connect(settings)
        #expect(encrypted.isEncrypted)
        let row = try await encrypted.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").onlyRow()
        #expect(try row.decode("ssl") == true)
        // More than a TLS record at a time, so that bytes wait inside OpenSSL.
        let summary = try await encrypted.copyOut(
            "COPY (SELECT repeat('x', 70000) FROM generate_series(1, 300)) TO STDOUT"
        )
        #expect(summary.bytes == 300 * 70001)
        let bytes = try await onThread("backup") { [settings] in
            try backUp(ReplicationConnection.connect(settings)).bytes
        }
        #expect(bytes > 10_000_000)
        settings.sslMode = .disable
        #expect(try await !Connection.connect(settings).isEncrypted)
        settings.sslMode = .verifyCA
        settings.sslRootCertificate = certificate
        #expect(try await Connection.connect(settings).isEncrypted)
        settings.sslMode = .verifyFull
        let error = try await failure(settings)
        #expect(error.kind == .tlsFailed)
        #expect(error.message.contains("elsewhere.example"))
        #expect(error.hint?.contains("sslmode=verify-full") == true)
        settings.sslRootCertificate = "/nowhere.pem"
        #expect(try await failure(settings).kind == .tlsFailed)
    }
}
