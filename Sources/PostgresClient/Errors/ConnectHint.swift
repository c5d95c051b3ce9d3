/// What an operator can do when connecting failed.
enum ConnectHint {
    static func hint(
        for kind: PostgresError.Kind,
        text: ConnectFailureText,
        settings: ConnectionSettings,
        isReplication: Bool
    ) -> String? {
        switch kind {
        case .hostNotFound: hostNotFound(settings)
        case .connectionRefused, .connectionFailed: refused(settings)
        case .connectTimedOut:
            "No answer from '\(settings.host)' port \(settings.port): look at the address, the firewall and the server."
        case .tlsFailed: tls(settings)
        case .authenticationFailed:
            "Check POSTGRES_USER and POSTGRES_PASSWORD; `ALTER ROLE \(identifier(settings.user)) PASSWORD '…'` sets a new one."
        case .notInHostBasedAccess: accessLine(text, settings: settings, isReplication: isReplication)
        case .permissionDenied:
            "Run as a superuser: ALTER ROLE \(identifier(settings.user)) LOGIN REPLICATION; (`recyclicd setup-sql` prints it)."
        case .databaseMissing:
            "Check POSTGRES_DB; `psql -l` lists the databases."
        case .tooManyConnections:
            "Raise max_connections (or max_wal_senders for replication) and restart the server, or end idle sessions."
        case .serverNotReady:
            "The server starts, stops or recovers; it will be tried again."
        default: nil
        }
    }

    private static func hostNotFound(_ settings: ConnectionSettings) -> String {
        guard !settings.host.contains(".") else {
            return "Check POSTGRES_HOST: no name server knows '\(settings.host)'."
        }
        return """
            '\(settings.host)' looks like a service of Docker Compose, a name that exists inside its network only: add \
            ports: ["127.0.0.1:5432:5432"] to that service in docker-compose.yml, run `docker compose up -d \
            \(settings.host)`, and set POSTGRES_HOST=127.0.0.1.
            """
    }

    private static func refused(_ settings: ConnectionSettings) -> String {
        if settings.isLocalSocket {
            return "Is the server running (systemctl status postgresql), and is its socket in '\(settings.host)'?"
        }
        return """
            Is the server running, and does it listen on port \(settings.port)? Debian: systemctl status postgresql. Docker \
            Compose: add ports: ["127.0.0.1:\(settings.port):5432"] to the service and run `docker compose up -d`.
            """
    }

    private static func tls(_ settings: ConnectionSettings) -> String {
        switch settings.sslMode {
        case .verifyCA, .verifyFull:
            """
            sslmode=\(settings.sslMode.rawValue) needs the certificate's issuer in sslrootcert\
            \(settings.sslMode == .verifyFull ? " and the host's own name in the certificate" : ""); \
            sslmode=require encrypts without that check.
            """
        default:
            "Turn TLS on in the server (ssl = on), or set sslmode=prefer."
        }
    }

    /// The line that is missing in pg_hba.conf; the client's address comes from the server's message.
    private static func accessLine(_ text: ConnectFailureText, settings: ConnectionSettings, isReplication: Bool)
        -> String
    {
        let database = isReplication ? "replication" : identifier(settings.database)
        let address = text.message.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            // Quoted words sit at odd places; the client's address is the one that looks like one, after libpq's own
            // mention of the server's.
            .filter { $0.offset % 2 == 1 && isAddress($0.element) }.last.map { String($0.element) }
        let line: String
        if settings.isLocalSocket {
            line = "local \(database) \(identifier(settings.user)) scram-sha-256"
        } else {
            let client = address ?? settings.host
            let mask = client.contains(":") ? 128 : 32
            line = "host \(database) \(identifier(settings.user)) \(client)/\(mask) scram-sha-256"
        }
        return """
            Add this line to pg_hba.conf: `\(line)`, then run SELECT pg_reload_conf(); as a superuser (its place: SHOW \
            hba_file;).
            """
    }

    private static func isAddress(_ text: Substring) -> Bool {
        let isVersion6 = text.contains(":") && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        return isVersion6 || text.split(separator: ".").count == 4 && text.allSatisfy { $0.isWholeNumber || $0 == "." }
    }

    /// A name as SQL and pg_hba.conf want it: quoted unless it is plain.
    static func identifier(_ name: String) -> String {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f || (0x30...0x39).contains($0) }
        if isPlain, name.first?.isNumber == false { return name }
        return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
