extension ConnectionSettings {
    /// Variables of libpq that name the server in a way that wins over the ones below: a service's file may name another one.
    private static let misleading: Set<String> = ["PGSERVICE", "PGSERVICEFILE"]

    /// The environment that makes a program of PostgreSQL, `pg_dump` say, connect as we do: the same server, role and TLS.
    ///
    /// The password is in it, and in nothing else: the kernel shows a process's environment to its own user alone, its
    /// arguments to everybody. The name of the database is in it too, for in an argument it could be taken for an option or a
    /// connection string.
    ///
    /// - Parameter ours: The environment of this process: libpq's own variables are handed on, as they count for our own
    ///   connections, and nothing else but what finds the home folder.
    /// - Returns: `NAME=value` lines, all of the environment.
    package func environment(inheriting ours: [String: String]) -> [String] {
        var variables = ours.filter { name, _ in
            name == "HOME" || name.hasPrefix("PG") && !Self.misleading.contains(name)
        }
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

    /// The database's name as a connection string of its own, for programs that take one as an argument only: `dbname='…'`.
    package var databaseArgument: String {
        let escaped = database.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "dbname='\(escaped)'"
    }
}
