import PostgresClient

/// The lines that mend things, in the forms that differ between a server of Debian and one in Docker Compose.
struct Remedy {
    let facts: DoctorFacts

    private var setup: DoctorSetup { facts.setup }

    /// The service in docker-compose.yml: the host when it is a bare name, else what everybody calls it.
    var service: String {
        let host = setup.connection.host
        let isBareName = !host.isEmpty && host != "localhost" && !host.contains { "./:".contains($0) }
        return isBareName && host.first?.isNumber == false ? ShellText.word(host) : "postgres"
    }

    /// The server's major version, or the one of Debian 12.
    var major: Int { facts.server?.version.major ?? 15 }

    /// The role's name as SQL wants it.
    var role: String { SetupSQL.identifier(setup.connection.user) }

    // MARK: - SQL

    /// Statements to be run as a superuser, each as one line of a shell.
    func sql(_ statements: [String], database: String = "postgres", then more: Mends = Mends()) -> [Diagnosis.Mend] {
        [
            Diagnosis.Mend(.debian, statements.map { debianSQL($0, database) } + more.debian),
            Diagnosis.Mend(.compose, statements.map { composeSQL($0, database) } + more.compose),
        ]
    }

    /// Lines for either kind of system.
    struct Mends {
        var debian: [String] = []
        var compose: [String] = []
    }

    func debianSQL(_ statement: String, _ database: String = "postgres") -> String {
        "sudo -u postgres psql -d \(ShellText.word(database)) -c \(ShellText.word(statement))"
    }

    func composeSQL(_ statement: String, _ database: String = "postgres") -> String {
        "echo \(ShellText.word(statement)) | \(composePSQL(database))"
    }

    /// A psql as the container's superuser that reads SQL from its input.
    func composePSQL(_ database: String) -> String {
        // The container's own environment names its superuser.
        let script = "psql -U \"${POSTGRES_USER:-postgres}\" -d \(ShellText.doubleQuoted(database))"
        return "docker compose exec -T \(service) sh -c \(ShellText.word(script))"
    }

    /// Settings by ALTER SYSTEM, in force after a reload or a restart.
    func alterSystem(_ changes: [(name: String, value: String)], restarts: Bool) -> [Diagnosis.Mend] {
        let statements = changes.map { "ALTER SYSTEM SET \($0.name) = \(SetupSQL.literal($0.value));" }
        let fixed = changes.map(\.name).filter { facts.server?.settings[$0]?.source == "command line" }
        let words = fixed.joined(separator: ", ")
        let debianNote =
            fixed.isEmpty ? [] : ["# first take \(words) out of /etc/postgresql/\(major)/main/pg_ctl.conf, which wins"]
        let composeNote =
            fixed.isEmpty
            ? []
            : [
                "# first take \(words) out of \"command:\" in docker-compose.yml, which wins: docker compose up -d \(service)"
            ]
        guard restarts else {
            let mends = sql(statements + ["SELECT pg_reload_conf();"])
            return zip(mends, [debianNote, composeNote]).map { Diagnosis.Mend($0.place, $1 + $0.lines) }
        }
        let mends = sql(
            statements,
            then: Mends(
                debian: ["sudo systemctl restart postgresql"],
                compose: ["docker compose restart \(service)"]
            )
        )
        return zip(mends, [debianNote, composeNote]).map { Diagnosis.Mend($0.place, $1 + $0.lines) }
    }

    /// Makes the role with all it needs, where it is missing.
    var roleSetup: Mends {
        let database = setup.connection.database
        return Mends(
            debian: ["recyclicd setup-sql | sudo -u postgres psql -d \(ShellText.word(database))"],
            compose: ["recyclicd setup-sql | \(composePSQL(database))"]
        )
    }

    // MARK: - Files

    /// A line of recyclicd's own configuration.
    func setting(_ line: String) -> [String] {
        ["# in \(setup.configurationFile):", line]
    }

    /// Puts a line first into pg_hba.conf, where nothing comes before it, and has it read.
    func accessLine(_ line: String) -> [Diagnosis.Mend] {
        // GNU sed and busybox take a backslash in inserted text away.
        let script = "1i " + line.replacing("\\", with: "\\\\")
        let file = facts.server?.settings["hba_file"]?.value
        let debianFile =
            file.flatMap { $0.hasPrefix("/etc/") ? $0 : nil } ?? "/etc/postgresql/\(major)/main/pg_hba.conf"
        let inContainer = "sed -i \(ShellText.doubleQuoted(script)) \"$PGDATA/pg_hba.conf\""
        return [
            Diagnosis.Mend(
                .debian,
                [
                    "sudo sed -i \(ShellText.word(script)) \(ShellText.word(debianFile))",
                    debianSQL("SELECT pg_reload_conf();"),
                ]
            ),
            Diagnosis.Mend(
                .compose,
                [
                    "docker compose exec \(service) sh -c \(ShellText.word(inContainer))",
                    composeSQL("SELECT pg_reload_conf();"),
                ]
            ),
        ]
    }

    /// Makes the server in a container reachable from its host.
    func publishedPort(andHost: Bool) -> Diagnosis.Mend {
        let lines = [
            "# in docker-compose.yml, in the service \"\(service)\":",
            "    ports:",
            "      - \"127.0.0.1:\(setup.connection.port):5432\"",
            "# then:",
            "docker compose up -d \(service)",
        ]
        return Diagnosis.Mend(.compose, lines + (andHost ? setting("POSTGRES_HOST=127.0.0.1") : []))
    }
}
