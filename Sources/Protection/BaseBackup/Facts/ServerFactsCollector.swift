import Blocking
import PostgresClient
import Repository

/// Asks a server what a restore, a drill and an operator need to know of it when it is gone.
///
/// Nothing that can't be found out stops a backup: each is written down with the statement that would allow it.
struct ServerFactsCollector {
    /// Settings that a server on the restored copy must match, or that explain why it does not start.
    private static let settings = [
        "autovacuum_max_workers", "block_size", "data_checksums", "effective_io_concurrency", "jit", "lc_messages",
        "max_connections", "max_locks_per_transaction", "max_prepared_transactions", "max_wal_senders",
        "max_worker_processes", "server_encoding", "server_version", "server_version_num", "shared_buffers",
        "shared_preload_libraries", "session_preload_libraries", "local_preload_libraries", "ssl", "TimeZone",
        "wal_level", "wal_segment_size", "wal_log_hints", "track_commit_timestamp", "huge_pages",
    ]
    /// Databases whose extensions are listed; each costs a connection.
    private static let mostDatabases = 64
    /// The longest configuration file that is kept, in bytes.
    private static let longestFile = 256 << 10

    /// How to connect.
    let connection: ConnectionSettings
    /// The only database whose extensions are listed; `nil` for all, which costs a connection each.
    var database: String?
    /// Asks to stop.
    let cancellation: CancellationFlag

    /// Fills in `facts`.
    ///
    /// - Throws: `CancellationError` only.
    func complete(_ facts: inout ServerFacts) throws {
        let session: BlockingConnection
        do {
            session = try BlockingConnection.connect(connection, cancellation: cancellation)
        } catch let error as CancellationError {
            throw error
        } catch {
            facts.notAvailable.append(
                ServerFacts.MissingFact(
                    feature: "facts of the server beside its version: no SQL connection to '\(connection.database)'",
                    grant: "host \(connection.database) \(connection.user) samehost scram-sha-256   # in pg_hba.conf"
                )
            )
            return
        }
        try attempt("settings", grant: monitor, &facts) { try readSettings(session, &$0) }
        try attempt("databases", grant: monitor, &facts) { try readDatabases(session, &$0) }
        try attempt("tablespaces", grant: monitor, &facts) { try readTablespaces(session, &$0) }
        try attempt("superusers", grant: "GRANT SELECT ON pg_catalog.pg_roles TO \(role)", &facts) {
            try readSuperusers(session, &$0)
        }
        try attempt("C library", grant: monitor, &facts) { try readLibrary(session, &$0) }
        try readExtensions(&facts)
        try attempt("configuration files", grant: "GRANT pg_read_server_files TO \(role)", &facts) {
            try readConfiguration(session, &$0)
        }
    }

    /// `libc`, `icu` or `builtin` for a letter of `datlocprovider`.
    static func providerName(_ letter: String) -> String {
        ["c": "libc", "i": "icu", "b": "builtin"][letter] ?? letter
    }

    private var role: String { Self.quoted(connection.user) }
    private var monitor: String { "GRANT pg_monitor TO \(role)" }

    private static func quoted(_ name: String) -> String {
        "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }

    private func attempt(
        _ feature: String,
        grant: String,
        _ facts: inout ServerFacts,
        _ body: (inout ServerFacts) throws -> Void
    ) throws {
        do {
            try body(&facts)
        } catch let error as CancellationError {
            throw error
        } catch {
            facts.notAvailable.append(ServerFacts.MissingFact(feature: feature, grant: grant))
        }
    }

    private func rows(_ session: BlockingConnection, _ sql: String) throws -> [Row] {
        try Array(session.query(sql, cancellation: cancellation).rows)
    }

    private func readSettings(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        let names = Self.settings.map { "'\($0)'" }.joined(separator: ", ")
        // Settings that only some may see are simply not in the view for the others.
        for row in try rows(session, "SELECT name, current_setting(name) FROM pg_settings WHERE name IN (\(names))") {
            facts.settings[try row.decode(0)] = try row.decode(1)
        }
        if facts.settings["shared_preload_libraries"] == nil {
            facts.notAvailable.append(ServerFacts.MissingFact(feature: "preloaded libraries", grant: monitor))
        }
    }

    private func readDatabases(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        let locale = session.serverVersion.major >= 17 ? "datlocale" : "daticulocale"
        let databases = try rows(
            session,
            """
            SELECT datname, oid, pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, \(locale),
                   datcollversion, datallowconn, datistemplate,
                   CASE WHEN has_database_privilege(oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE')
                        THEN pg_database_size(oid) END
              FROM pg_database ORDER BY datname
            """
        )
        facts.databases = try databases.map { row in
            let provider: String = try row.decode(5)
            return ServerFacts.DatabaseFacts(
                name: try row.decode(0),
                oid: try row.decode(1),
                sizeBytes: try row.decode(10),
                encoding: try row.decode(2),
                collate: try row.decode(3),
                ctype: try row.decode(4),
                provider: Self.providerName(provider),
                icuLocale: try row.decode(6),
                collationVersion: try row.decode(7),
                allowConnections: try row.decode(8),
                isTemplate: try row.decode(9)
            )
        }
        if facts.databases.contains(where: { $0.sizeBytes == nil }) {
            facts.notAvailable.append(ServerFacts.MissingFact(feature: "sizes of all databases", grant: monitor))
        }
    }

    private func readTablespaces(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        let tablespaces = try rows(
            session,
            """
            SELECT oid, spcname, pg_tablespace_location(oid),
                   CASE WHEN has_tablespace_privilege(oid, 'CREATE') OR pg_has_role('pg_read_all_stats', 'USAGE')
                        THEN pg_tablespace_size(oid) END
              FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY spcname
            """
        )
        facts.tablespaces = try tablespaces.map { row in
            ServerFacts.TablespaceFacts(
                oid: try row.decode(0),
                name: try row.decode(1),
                location: try row.decode(2),
                sizeBytes: try row.decode(3)
            )
        }
    }

    private func readSuperusers(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        let sql = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid"
        facts.superusers = try rows(session, sql).map { try $0.decode(0) }
    }

    private func readLibrary(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        // The version of a collation that comes from the C library is that library's own.
        let sql = """
            SELECT pg_collation_actual_version(oid) FROM pg_collation
             WHERE collprovider = 'c' AND pg_collation_actual_version(oid) IS NOT NULL LIMIT 1
            """
        if let row = try rows(session, sql).first {
            let version: String = try row.decode(0)
            facts.libcVersion = "glibc \(version)"
        }
    }

    private func readExtensions(_ facts: inout ServerFacts) throws {
        let listed = database.map { [$0] } ?? facts.databases.map(\.name).prefix(Self.mostDatabases).map(\.self)
        for index in facts.databases.indices where facts.databases[index].allowConnections {
            let name = facts.databases[index].name
            guard listed.contains(name) else { continue }
            var settings = connection
            settings.database = name
            try attempt(
                "extensions of the database '\(name)'",
                grant: "GRANT CONNECT ON DATABASE \(Self.quoted(name)) TO \(role)",
                &facts
            ) { facts in
                let session = try BlockingConnection.connect(settings, cancellation: cancellation)
                let found = try rows(session, "SELECT extname, extversion FROM pg_extension ORDER BY extname")
                facts.databases[index].extensions = try found.map {
                    ServerFacts.ExtensionFacts(name: try $0.decode(0), version: try $0.decode(1))
                }
            }
        }
    }

    private func readConfiguration(_ session: BlockingConnection, _ facts: inout ServerFacts) throws {
        let places = try rows(
            session,
            """
            SELECT setting FROM pg_settings WHERE name IN ('config_file', 'hba_file', 'ident_file')
            UNION SELECT sourcefile FROM pg_settings WHERE sourcefile IS NOT NULL
            """
        )
        guard !places.isEmpty else {
            facts.notAvailable.append(
                ServerFacts.MissingFact(feature: "places of the configuration files", grant: monitor)
            )
            return
        }
        let folder = try rows(session, "SELECT setting FROM pg_settings WHERE name = 'data_directory'").first
        let data: String = try folder?.decode(0) ?? ""
        for place in places {
            let path: String = try place.decode(0)
            // Files in the data directory are in the backup as they are.
            if path.hasPrefix(data + "/") { continue }
            let text = try session.query(
                "SELECT pg_read_file($1, 0, \(Self.longestFile))",
                [path],
                cancellation: cancellation
            )
            facts.configurationFiles.append(
                ServerFacts.ConfigurationFile(path: path, content: try text.onlyRow().decode(0))
            )
        }
    }
}
