import Testing

@testable import PostgresClient

@Suite struct ConnectFailureTests {
    private let settings = ConnectionSettings(host: "postgres", port: 5432, user: "recyclic", database: "shop")

    private func error(_ text: String, isReplication: Bool = false) -> PostgresError {
        PostgresError(connecting: text, settings: settings, isReplication: isReplication)
    }

    @Test(arguments: [
        (
            "could not translate host name \"postgres\" to address: Name or service not known\n",
            PostgresError.Kind.hostNotFound
        ),
        (
            "connection to server at \"h\" (1.2.3.4), port 5432 failed: Connection refused\n\tIs the server running?",
            .connectionRefused
        ),
        ("connection to server on socket \"/x/.s.PGSQL.5432\" failed: No such file or directory", .connectionFailed),
        ("connection to server at \"h\" (1.2.3.4), port 5 failed: timeout expired", .connectTimedOut),
        ("connection to server at \"h\", port 5 failed: server does not support SSL, but SSL was required", .tlsFailed),
        ("connection to server at \"h\", port 5 failed: root certificate file \"/x\" does not exist", .tlsFailed),
        ("connection to server at \"h\", port 5 failed: fe_sendauth: no password supplied", .authenticationFailed),
        (
            "failed: FATAL:  28P01: password authentication failed for user \"recyclic\"\nLOCATION:  auth_failed, auth.c:335",
            .authenticationFailed
        ),
        (
            "failed: FATAL:  28000: role \"recyclic\" is not permitted to log in\nLOCATION:  x, y.c:1",
            .authenticationFailed
        ),
        ("failed: FATAL:  3D000: database \"shop\" does not exist\nLOCATION:  x, y.c:1", .databaseMissing),
        ("failed: FATAL:  53300: sorry, too many clients already\nLOCATION:  x, y.c:1", .tooManyConnections),
        ("failed: FATAL:  57P03: the database system is starting up\nLOCATION:  x, y.c:1", .serverNotReady),
        (
            "failed: FATAL:  42501: must be superuser or replication role to start walsender\nLOCATION:  x, y.c:1",
            .permissionDenied
        ),
        (
            "failed: FATAL:  28000: no pg_hba.conf entry for host \"172.18.0.1\", user \"u\"\nLOCATION:  x, y.c:1",
            .notInHostBasedAccess
        ),
    ])
    func `each way to fail has a code and a hint`(text: String, kind: PostgresError.Kind) {
        let error = error(text)
        #expect(error.kind == kind)
        #expect(error.hint?.isEmpty == false)
        #expect(!error.message.contains("LOCATION"))
        #expect(!error.message.contains("\n"))
    }

    @Test func `a server that speaks French is understood`() {
        let error = error(
            """
            connection to server at "127.0.0.1", port 5432 failed: FATAL :  28P01: authentification par mot de passe \
            échouée pour l'utilisateur « recyclic »
            EMPLACEMENT : auth_failed, auth.c:335
            """
        )
        #expect(error.kind == .authenticationFailed)
        #expect(error.sqlState == "28P01")
    }

    @Test func `the line that pg_hba lacks is given as it must be written`() {
        let error = error(
            """
            connection to server at "10.0.0.5", port 5432 failed: FATAL:  28000: no pg_hba.conf entry for replication \
            connection from host "172.18.0.1", user "recyclic", no encryption
            LOCATION:  ClientAuthentication, auth.c:545
            """,
            isReplication: true
        )
        #expect(error.kind == .notInHostBasedAccess)
        #expect(error.hint?.contains("`host replication recyclic 172.18.0.1/32 scram-sha-256`") == true)
        #expect(error.hint?.contains("pg_reload_conf()") == true)
    }

    @Test func `a container's name outside its network is explained`() {
        let error = error("could not translate host name \"postgres\" to address: Temporary failure")
        #expect(error.hint?.contains("127.0.0.1:5432:5432") == true)
        #expect(error.hint?.contains("POSTGRES_HOST=127.0.0.1") == true)
    }

    @Test func `the server's answer wins over other addresses`() {
        let text = ConnectFailureText(
            """
            connection to server at "localhost" (::1), port 5432 failed: Connection refused
            \tIs the server running on that host and accepting TCP/IP connections?
            connection to server at "localhost" (127.0.0.1), port 5432 failed: FATAL:  3D000: database "x" does not exist
            LOCATION:  InitPostgres, postinit.c:1019
            """
        )
        #expect(text.sqlState == "3D000")
        #expect(
            text.message
                == #"connection to server at "localhost" (127.0.0.1), port 5432 failed: database "x" does not exist"#
        )
    }
}
