import Repository

/// The configuration of a drill's server: its own, whatever the source had.
struct DrillConfiguration {
    /// Where its socket is.
    let socketFolder: String
    /// Where the two access files are.
    let folder: String
    /// PostgreSQL's major version.
    let majorVersion: Int
    /// The limits of the source, below which recovery would refuse to run.
    let limits: ServerLimits

    /// The number in the socket's name.
    static let port = 5432

    /// The server's only access file: whoever reaches the socket, in its folder of mode 0700, is let in.
    static let hostBasedAuthentication = "local all all trust\n"

    /// postgresql.conf.
    var text: String {
        (settings + limits.settings).map { ConfigurationLine.setting($0.name, $0.value) + "\n" }.joined()
    }

    /// Writes the files of the configuration's folder.
    func write(owner: ExtractionLayout.Owner?) throws {
        for (name, text) in [
            ("postgresql.conf", text), ("pg_hba.conf", Self.hostBasedAuthentication), ("pg_ident.conf", ""),
        ] {
            try Folders.write(text, to: "\(folder)/\(name)", owner: owner)
        }
    }

    private var settings: [(name: String, value: String)] {
        let always = [
            // Reached through the socket alone.
            ("listen_addresses", ""),
            ("port", "\(Self.port)"),
            ("unix_socket_directories", socketFolder),
            ("unix_socket_permissions", "0700"),
            ("hba_file", "\(folder)/pg_hba.conf"),
            ("ident_file", "\(folder)/pg_ident.conf"),
            ("ssl", "off"),
            // Nobody connects before the end of WAL: with hot standby, limits raised during the backup would pause it.
            ("hot_standby", "off"),
            // Alone: nothing is sent, archived, subscribed to, loaded or started by what the source had configured.
            ("archive_mode", "off"),
            ("max_logical_replication_workers", "0"),
            ("shared_preload_libraries", ""),
            ("session_preload_libraries", ""),
            ("local_preload_libraries", ""),
            ("autovacuum", "off"),
            ("jit", "off"),
            ("restart_after_crash", "off"),
            // The copy is thrown away.
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            // Small: it runs beside the daemon, and often beside the source.
            ("shared_buffers", "64MB"),
            ("huge_pages", "off"),
            ("dynamic_shared_memory_type", "mmap"),
            ("max_parallel_workers_per_gather", "0"),
            ("max_parallel_maintenance_workers", "0"),
            ("max_wal_size", "2GB"),
            // Damage is to be told, in English, to the pipe.
            ("zero_damaged_pages", "off"),
            ("ignore_checksum_failure", "off"),
            ("log_destination", "stderr"),
            ("logging_collector", "off"),
            ("log_min_messages", "log"),
            ("lc_messages", "C"),
            ("lc_monetary", "C"),
            ("lc_numeric", "C"),
            ("lc_time", "C"),
            ("log_timezone", "UTC"),
            ("timezone", "UTC"),
        ]
        return always + (majorVersion >= 17 ? [("event_triggers", "off")] : [])
    }

    /// Settings that a session must have whatever ALTER DATABASE and ALTER ROLE say on the source: libpq's `options`.
    ///
    /// - Parameter keepsSearchPath: Whether names are looked up as on the source, and not in `pg_catalog` alone.
    func sessionOptions(keepsSearchPath: Bool) -> String {
        var options = [
            "default_transaction_read_only=off", "statement_timeout=0", "lock_timeout=0",
            "idle_in_transaction_session_timeout=0", "transaction_timeout=0", "session_preload_libraries=",
            "local_preload_libraries=", "row_security=on", "jit=off", "client_encoding=UTF8", "lc_messages=C",
            "max_parallel_workers_per_gather=0", "zero_damaged_pages=off", "ignore_checksum_failure=off",
        ]
        if !keepsSearchPath { options.append("search_path=pg_catalog") }
        if majorVersion < 17 { options.removeAll { $0.hasPrefix("transaction_timeout") } }
        if majorVersion >= 17 { options.append("event_triggers=off") }
        return options.map { "-c \($0)" }.joined(separator: " ")
    }
}
