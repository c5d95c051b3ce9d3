/// How to reach a server and as whom.
///
/// The password goes to libpq in memory only (`PQconnectStartParams`): never in a process's arguments, a URL, an error or
/// a description.
package struct ConnectionSettings: Hashable, Sendable {
    /// A name, an address, or the folder of a Unix socket when it begins with `/`.
    package var host: String
    /// The TCP port, or the number in the socket's name: 1 to 65535.
    package var port: Int
    /// The role to log in as.
    package var user: String
    /// The role's password, if it needs one.
    package var password: Password?
    /// The database to connect to.
    package var database: String
    /// Encryption of TCP connections.
    package var sslMode: SSLMode
    /// The file with the root certificate, for the two verifying modes.
    package var sslRootCertificate: String?
    /// The name that pg_stat_activity shows.
    package var applicationName: String
    /// More settings for the session, as `options` in libpq: `-c name=value …`.
    package var options: String?
    /// How long connecting may take in all. A name server that doesn't answer comes on top: it has its own time-outs.
    package var connectTimeout: Duration
    /// How long a query may take when the caller doesn't say.
    package var queryTimeout: Duration
    /// After how long without a byte a stream (COPY, base backup) counts as dead.
    package var livenessTimeout: Duration
    /// How long an interrupted query may take to end before the connection is given up.
    package var cancelTimeout: Duration
    /// After how long without traffic TCP asks whether the other side lives; 3 questions, a third of this apart.
    package var keepaliveIdle: Duration
    /// How long sent data may stay without acknowledgement (`TCP_USER_TIMEOUT`).
    package var tcpUserTimeout: Duration

    /// Settings for a server on this machine, to be changed as needed.
    ///
    /// - Parameters:
    ///   - host: A name, an address, or a socket's folder.
    ///   - port: The port.
    ///   - user: The role.
    ///   - password: Its password.
    ///   - database: The database.
    package init(
        host: String = "127.0.0.1",
        port: Int = 5432,
        user: String,
        password: Password? = nil,
        database: String
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
        sslMode = .prefer
        applicationName = "recyclicd"
        connectTimeout = .seconds(10)
        queryTimeout = .seconds(60)
        livenessTimeout = .seconds(120)
        cancelTimeout = .seconds(5)
        keepaliveIdle = .seconds(30)
        tcpUserTimeout = .seconds(30)
    }

    /// Whether the host is a Unix socket's folder.
    package var isLocalSocket: Bool {
        host.hasPrefix("/")
    }
}

extension ConnectionSettings: CustomStringConvertible {
    /// Who and where, without the password: `recyclic@127.0.0.1:5432/recyclic`.
    package var description: String {
        isLocalSocket ? "\(user)@\(host)/.s.PGSQL.\(port)/\(database)" : "\(user)@\(host):\(port)/\(database)"
    }
}
