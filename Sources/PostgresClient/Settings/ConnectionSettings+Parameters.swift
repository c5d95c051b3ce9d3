extension ConnectionSettings {
    /// Settings of every session: values must come in one form whatever the server's and the role's own settings are.
    private static let sessionOptions = "-c datestyle=ISO -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1"

    /// What makes libpq notice that the other side is gone.
    var livenessParameters: [(key: String, value: String)] {
        [
            ("keepalives", "1"),
            ("keepalives_idle", "\(max(1, keepaliveIdle.components.seconds))"),
            ("keepalives_interval", "\(max(1, keepaliveIdle.components.seconds / 3))"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "\(max(1, tcpUserTimeout.components.seconds) * 1000)"),
        ]
    }

    /// What libpq is given.
    ///
    /// - Parameter replication: The value of `replication`, or `nil` for an ordinary session.
    func parameters(replication: String? = nil) -> [(key: String, value: String)] {
        var parameters: [(key: String, value: String)] = [
            ("host", host),
            ("port", "\(port)"),
            ("user", user),
            ("dbname", database),
            ("sslmode", sslMode.rawValue),
            ("application_name", applicationName),
            ("client_encoding", "UTF8"),
            ("options", [Self.sessionOptions, options ?? ""].joined(separator: " ")),
            // Kerberos is not offered; without this libpq may look for its tickets first.
            ("gssencmode", "disable"),
        ]
        parameters += livenessParameters
        if let password { parameters.append(("password", password.revealed)) }
        if let sslRootCertificate { parameters.append(("sslrootcert", sslRootCertificate)) }
        if let replication { parameters.append(("replication", replication)) }
        return parameters
    }
}
