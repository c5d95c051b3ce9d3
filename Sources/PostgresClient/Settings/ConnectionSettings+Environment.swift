extension ConnectionSettings {
    /// Variables of this process that count for a program as they do for our own connections: how to prove who one is, and how
    /// to believe who the server is (libpq, "Environment Variables"). All others stay behind: a service's file may name another
    /// server, `PGCLIENTENCODING` would change the encoding of a dump, and `PG_COLOR` colours messages that are read here.
    private static let handedOn: Set<String> = [
        "HOME", "PGHOSTADDR", "PGPASSWORD", "PGPASSFILE", "PGREQUIREAUTH", "PGCHANNELBINDING", "PGREQUIREPEER",
        "PGSSLCERT", "PGSSLKEY", "PGSSLCERTMODE", "PGSSLROOTCERT", "PGSSLCRL", "PGSSLCRLDIR", "PGSSLSNI",
        "PGSSLNEGOTIATION", "PGSSLCOMPRESSION", "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION",
        "PGKRBSRVNAME", "PGGSSLIB", "PGGSSDELEGATION", "PGTARGETSESSIONATTRS",
    ]

    /// The environment that makes a program of PostgreSQL, `pg_dump` say, connect as we do: the same server, role and TLS.
    ///
    /// The password is in it, and in nothing else: the kernel shows a process's environment to its own user alone, its
    /// arguments to everybody. The name of the database is in it too, for programs that are given no ``databaseArgument``.
    ///
    /// - Parameter ours: The environment of this process; what of it is handed on is a fixed list.
    /// - Returns: `NAME=value` lines, all of the environment.
    package func environment(inheriting ours: [String: String]) -> [String] {
        var variables = ours.filter { name, _ in Self.handedOn.contains(name) }
        // English messages, whatever the daemon was started with, and names by which every machine finds its programs.
        variables["LC_ALL"] = "C"
        variables["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        variables["TZ"] = "UTC"
        variables["PGHOST"] = host
        variables["PGPORT"] = "\(port)"
        variables["PGUSER"] = user
        variables["PGDATABASE"] = database
        variables["PGSSLMODE"] = sslMode.rawValue
        variables["PGGSSENCMODE"] = "disable"
        variables["PGAPPNAME"] = applicationName
        variables["PGCONNECT_TIMEOUT"] = "\(max(2, connectTimeout.components.seconds))"
        variables["PGOPTIONS"] = options ?? ""
        if let password { variables["PGPASSWORD"] = password.revealed }
        if let sslRootCertificate { variables["PGSSLROOTCERT"] = sslRootCertificate }
        return variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// The database's name as a connection string, for an argument of a program: `dbname='…'`; and what makes the program
    /// notice as we do that the other side is gone, for which there are no environment variables.
    package var databaseArgument: String {
        let escaped = database.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        let liveness = livenessParameters.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        return "dbname='\(escaped)' \(liveness)"
    }
}
