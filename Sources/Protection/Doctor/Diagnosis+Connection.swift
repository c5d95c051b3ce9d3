import PostgresClient

/// The way to the server, and which server it is.
extension Diagnosis {
    private static let subject = "connection"

    func connection() -> [Finding] {
        let settings = setup.connection
        switch facts.resolution {
        case .failed(let reason):
            return [hostNotFound("the host \"\(settings.host)\" has no address: \(reason)"), unchecked()]
        case .timedOut:
            let message = "the name servers do not answer for the host \"\(settings.host)\""
            let mends = [
                Mend(.any, ["resolvectl status", "cat /etc/resolv.conf"]), remedy.publishedPort(andHost: true),
            ]
            return [Finding(.critical, "nameServerSilent", Self.subject, message, mend: mends), unchecked()]
        case .notNeeded, .found:
            break
        }
        switch facts.connection {
        case .notTried: return [unchecked()]
        case .failed(let error): return [failure(error), unchecked()]
        case .to(let server): return [reached(server)] + version(server)
        }
    }

    private func reached(_ server: DoctorFacts.Server) -> Finding {
        let settings = setup.connection
        let encryption = settings.isLocalSocket ? "" : server.isEncrypted ? ", encrypted" : ", not encrypted"
        return Finding(.ok, "connectionWorks", Self.subject, "\(settings) answers\(encryption)")
    }

    private func unchecked() -> Finding {
        Finding(
            .warning,
            "serverNotChecked",
            "server",
            "version, role, rights, pg_hba.conf, settings and clock are not checked until the connection works",
            mend: [Mend(.any, ["recyclicd doctor"])]
        )
    }

    // MARK: - Failures

    private func hostNotFound(_ message: String) -> Finding {
        let debian = Mend(
            .debian,
            ["# the server is on this machine:"] + remedy.setting("POSTGRES_HOST=/var/run/postgresql")
        )
        let isServiceName = !setup.connection.host.contains(".")
        let explanation =
            isServiceName ? "; names of Docker Compose's services exist inside its network only" : ""
        return Finding(
            .critical,
            "hostNotFound",
            Self.subject,
            message + explanation,
            mend: [debian, remedy.publishedPort(andHost: true)]
        )
    }

    private func failure(_ error: PostgresError) -> Finding {
        let mends: [Mend] =
            switch error.kind {
            case .hostNotFound: hostNotFound("").mend
            case .connectionRefused, .connectionFailed: notListening()
            case .connectTimedOut:
                [
                    Mend(.debian, ["sudo ss -ltnp 'sport = :\(setup.connection.port)'", "sudo nft list ruleset"]),
                    remedy.publishedPort(andHost: true),
                ]
            case .tlsFailed: encryption()
            case .authenticationFailed: authentication(error)
            case .notInHostBasedAccess: remedy.accessLine(accessLine(after: error))
            case .databaseMissing: database()
            case .permissionDenied: rights(error)
            case .tooManyConnections:
                remedy.alterSystem([("max_connections", "200")], restarts: true)
            case .serverNotReady:
                [
                    Mend(.debian, ["sudo tail -n 20 /var/log/postgresql/postgresql-\(remedy.major)-main.log"]),
                    Mend(.compose, ["docker compose logs --tail 20 \(remedy.service)"]),
                ]
            default:
                [Mend(.any, [error.hint.map { "# \($0)" } ?? "recyclicd check-config"])]
            }
        return Finding(.critical, error.code, Self.subject, "\(setup.connection): \(error.message)", mend: mends)
    }

    private func notListening() -> [Mend] {
        let settings = setup.connection
        let debian = ["sudo systemctl start postgresql", "pg_lsclusters"]
        guard settings.isLocalSocket else {
            return [Mend(.debian, debian), remedy.publishedPort(andHost: !isLoopback)]
        }
        return [
            Mend(.debian, debian + ["ls -l \(ShellText.word("\(settings.host)/.s.PGSQL.\(settings.port)"))"]),
            remedy.publishedPort(andHost: true),
        ]
    }

    private func encryption() -> [Mend] {
        switch setup.connection.sslMode {
        case .verifyCA, .verifyFull:
            [
                Mend(
                    .any,
                    ["# the certificate of who signed the server's, or encryption without that check, in:"]
                        + [
                            "# \(setup.configurationFile):", "POSTGRES_SSLROOTCERT=/etc/recyclic/server-ca.pem",
                            "# or:", "POSTGRES_SSLMODE=require",
                        ]
                )
            ]
        default:
            remedy.alterSystem([("ssl", "on")], restarts: false)
                + [Mend(.any, ["# or without encryption,"] + remedy.setting("POSTGRES_SSLMODE=prefer"))]
        }
    }

    private func authentication(_ error: PostgresError) -> [Mend] {
        let settings = setup.connection
        let create = remedy.roleSetup
        let ask = "\\password \(remedy.role)"
        if settings.isLocalSocket, error.sqlState == "28000" {
            // Peer authentication, which goes by the system's user; or no such role.
            let user = ShellText.word(settings.user)
            let run =
                facts.user == settings.user
                ? []
                : ["# peer authentication lets the system's user of that name in:", "sudo -u \(user) recyclicd doctor"]
            return [
                Mend(.debian, run + ["# the role, if it is missing:"] + create.debian),
                Mend(.compose, ["# the role, if it is missing:"] + create.compose + publishedPassword()),
            ]
        }
        let peer = ["# or without a password, over the socket,"] + remedy.setting("POSTGRES_HOST=/var/run/postgresql")
        return [
            Mend(
                .debian,
                ["# the role, if it is missing, and its password:"] + create.debian + [remedy.debianSQL(ask)]
                    + remedy.setting("POSTGRES_PASSWORD='…'") + (isLoopback ? peer : [])
            ),
            Mend(
                .compose,
                ["# the role, if it is missing, and its password:"] + create.compose + [composeAsk(ask)]
                    + remedy.setting("POSTGRES_PASSWORD='…'")
            ),
        ]
    }

    private func publishedPassword() -> [String] {
        [composeAsk("\\password \(remedy.role)")] + remedy.setting("POSTGRES_HOST=127.0.0.1") + [
            "POSTGRES_PASSWORD='…'"
        ]
    }

    /// A psql that asks at the terminal, which needs one: no pipe, no -T.
    private func composeAsk(_ command: String) -> String {
        let script = "psql -U \"${POSTGRES_USER:-postgres}\" -d postgres -c \(ShellText.doubleQuoted(command))"
        return "docker compose exec \(remedy.service) sh -c \(ShellText.word(script))"
    }

    private func database() -> [Mend] {
        let name = SetupSQL.identifier(setup.connection.database)
        let create = remedy.sql(["CREATE DATABASE \(name);"])
        return [
            Mend(
                .debian,
                ["# the databases there are:", remedy.debianSQL("\\l")] + remedy.setting("POSTGRES_DB=…")
                    + ["# or a new one:"] + create[0].lines
            ),
            Mend(
                .compose,
                ["# the databases there are:", remedy.composeSQL("\\l")] + remedy.setting("POSTGRES_DB=…")
                    + ["# or a new one:"] + create[1].lines
            ),
        ]
    }

    private func rights(_ error: PostgresError) -> [Mend] {
        let database = SetupSQL.identifier(setup.connection.database)
        return remedy.sql(["GRANT CONNECT ON DATABASE \(database) TO \(remedy.role);"])
    }

    // MARK: - pg_hba.conf

    /// The line that lets us in: the client's address is in the server's message.
    func accessLine(after error: PostgresError) -> String {
        let settings = setup.connection
        let role = HostBasedAccess.name(settings.user)
        let hasPassword = settings.password != nil
        guard !settings.isLocalSocket else {
            return "local all \(role) \(hasPassword ? "scram-sha-256" : "peer")"
        }
        let address = HostBasedAccess.clientAddress(in: error.message) ?? (isLoopback ? "127.0.0.1" : settings.host)
        let mask = address.contains(":") ? 128 : 32
        let range = HostBasedAccess.isAddress(address) ? "\(address)/\(mask)" : address
        return "host all \(role) \(range) scram-sha-256"
    }

    var isLoopback: Bool {
        let host = setup.connection.host
        return host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    // MARK: - Which server

    private func version(_ server: DoctorFacts.Server) -> [Finding] {
        let subject = "server"
        if server.version.major < 15 {
            let message =
                "PostgreSQL \(server.version) is too old: recyclicd needs 15 or later, since older servers send backups in another form"
            let steps = [
                Mend(.debian, ["sudo pg_upgradecluster \(server.version.major) main"]),
                Mend(
                    .compose,
                    [
                        "# a newer image, and the data taken over by pg_dumpall and psql; in docker-compose.yml:",
                        "    image: postgres:15",
                    ]
                ),
            ]
            return [Finding(.critical, "serverTooOld", subject, message, mend: steps)]
        }
        if server.isInRecovery == true {
            let message = "the server is a standby, or still recovers; recyclicd backs up the primary only"
            let mend = Mend(.any, ["# the address of the primary,"] + remedy.setting("POSTGRES_HOST=…"))
            return [Finding(.critical, "serverIsStandby", subject, message, mend: [mend])]
        }
        guard !server.unanswered.isEmpty else {
            return [Finding(.ok, "serverSupported", subject, "PostgreSQL \(server.version), a primary")]
        }
        let message =
            "PostgreSQL \(server.version) did not answer everything: \(server.unanswered.joined(separator: "; "))"
        return [Finding(.warning, "serverAnswersPartly", subject, message, mend: [Mend(.any, ["recyclicd doctor"])])]
    }

    /// Whether the server is one that recyclicd works with; else nothing more is said of it.
    var supportedServer: DoctorFacts.Server? {
        guard let server = facts.server, server.version.major >= 15, server.isInRecovery != true else { return nil }
        return server
    }
}
