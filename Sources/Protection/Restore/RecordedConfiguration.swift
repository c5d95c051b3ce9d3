import Repository

/// The configuration files of a server that kept them outside its data directory, as Debian does, made fit for a
/// directory that is started with `postgres -D`.
struct RecordedConfiguration {
    private let files: [ServerFacts.ConfigurationFile]

    /// - Parameter facts: What the backup recorded of its server.
    init(_ facts: ServerFacts) {
        files = facts.configurationFiles
    }

    /// Settings that name files and folders of the source's machine.
    static let foreignPaths: Set<String> = [
        "data_directory", "hba_file", "ident_file", "external_pid_file", "include", "include_dir", "include_if_exists",
        "unix_socket_directories", "ssl", "ssl_cert_file", "ssl_key_file", "ssl_ca_file", "ssl_crl_file", "ssl_crl_dir",
        "ssl_dh_params_file", "stats_temp_directory", "log_directory", "krb_server_keyfile", "cluster_name",
    ]

    /// postgresql.conf: the source's without what names places on its machine, else an empty one.
    var mainFile: String {
        guard let recorded = text(of: "postgresql.conf") else {
            return "# The source's postgresql.conf was not recorded: these are PostgreSQL's defaults.\n"
        }
        return "# The source's postgresql.conf, as it was recorded with the backup.\n"
            + Self.withoutForeignPaths(recorded, dropping: Self.foreignPaths)
    }

    /// pg_hba.conf: the source's, else local and loopback connections with a password or as oneself.
    var hostBasedAuthentication: String {
        if let recorded = text(of: "pg_hba.conf") { return recorded }
        return """
            # The source's pg_hba.conf was not recorded: these lines let in users of this machine only.
            local all all peer
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256

            """
    }

    /// pg_ident.conf: the source's, else an empty one.
    var userMaps: String {
        text(of: "pg_ident.conf") ?? ""
    }

    /// Turns the lines that set one of `names` into comments.
    static func withoutForeignPaths(_ text: String, dropping names: Set<String>) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let name = ConfigurationLine(String(line)).name, names.contains(name) else { return String(line) }
            return "# not taken over by the restore: \(line)"
        }
        return lines.joined(separator: "\n")
    }

    private func text(of name: String) -> String? {
        files.first { $0.path.split(separator: "/").last.map(String.init) == name }?.content
    }
}
