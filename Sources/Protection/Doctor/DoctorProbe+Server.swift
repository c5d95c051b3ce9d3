import FoundationEssentials
import PostgresClient

/// What an ordinary session tells.
extension DoctorProbe {
    /// Connects and asks; a question that the server does not answer is noted, and the others go on.
    func session() async throws -> DoctorFacts.Connected {
        let session: Connection
        do {
            session = try await Connection.connect(connection)
        } catch let error as PostgresError {
            return .failed(error)
        }
        defer { session.closeSoon() }
        var server = DoctorFacts.Server(version: session.serverVersion)
        server.isEncrypted = session.isEncrypted
        guard server.version.major >= 15 else { return .to(server) }
        try await ask("whether it is a standby", &server) { server in
            let row = try await session.query("SELECT pg_is_in_recovery() AS recovers").onlyRow()
            server.isInRecovery = try row.decode("recovers")
        }
        try await ask("the role's rights", &server) { server in
            server.role = try await Self.role(session)
        }
        try await ask("settings", &server) { server in
            let result = try await session.query(
                "SELECT name, setting, source FROM pg_settings WHERE name = ANY (string_to_array($1, ','))",
                [Self.settings.joined(separator: ",")]
            )
            for row in result.rows {
                let setting = DoctorFacts.Server.Setting(try row.decode("setting"), source: try row.decode("source"))
                server.settings[try row.decode("name")] = setting
            }
        }
        try await ask("replication connections and slots", &server) { server in
            let row = try await session.query(
                """
                SELECT (SELECT count(*) FROM pg_stat_replication) AS senders,
                       (SELECT count(*) FROM pg_replication_slots) AS slots
                """
            ).onlyRow()
            server.walSendersInUse = try row.decode("senders")
            server.slotsInUse = try row.decode("slots")
        }
        try await ask("the time", &server) { server in
            let before = Date.now.timeIntervalSince1970
            let row = try await session.query("SELECT extract(epoch FROM clock_timestamp())::float8 AS now").onlyRow()
            let after = Date.now.timeIntervalSince1970
            server.clockOffsetSeconds = try row.decode("now", as: Double.self) - (before + after) / 2
        }
        try await ask("the databases' size", &server) { server in
            // Measuring a database needs CONNECT to it, or the right to read all statistics.
            let row = try await session.query(
                """
                SELECT coalesce(sum(pg_database_size(oid)) FILTER (WHERE allowed), 0)::bigint AS bytes,
                       count(*) FILTER (WHERE NOT allowed) AS others
                FROM (SELECT oid, has_database_privilege(oid, 'CONNECT')
                             OR pg_has_role('pg_read_all_stats', 'USAGE') AS allowed FROM pg_database) AS databases
                """
            ).onlyRow()
            server.databaseBytes = try row.decode("bytes")
            server.databasesNotMeasured = try row.decode("others")
        }
        return .to(server)
    }

    /// The settings that are judged, and those that tell where things lie (hidden from roles without pg_monitor).
    private static let settings = [
        "wal_level", "max_wal_senders", "max_replication_slots", "max_slot_wal_keep_size", "data_checksums", "fsync",
        "full_page_writes", "max_connections", "data_directory", "hba_file",
    ]

    private func ask(
        _ question: String,
        _ server: inout DoctorFacts.Server,
        _ body: (inout DoctorFacts.Server) async throws -> Void
    ) async throws {
        do {
            try await body(&server)
        } catch let error as PostgresError {
            server.unanswered.append("\(question): \(error.message)")
        }
    }

    private static func role(_ session: Connection) async throws -> DoctorFacts.Role {
        let row = try await session.query(
            """
            SELECT rolcanlogin, rolreplication, rolsuper, pg_has_role('pg_monitor', 'USAGE') AS monitor,
                   pg_has_role('pg_read_all_data', 'USAGE') AS data,
                   pg_has_role('pg_read_server_files', 'USAGE') AS files,
                   has_function_privilege('pg_catalog.pg_create_restore_point(text)', 'EXECUTE')
                   AND has_function_privilege('pg_catalog.pg_switch_wal()', 'EXECUTE') AS points
            FROM pg_roles WHERE rolname = current_user
            """
        ).onlyRow()
        var features: Set<SetupFeature> = []
        if try row.decode("monitor") { features.insert(.monitoring) }
        if try row.decode("data") { features.insert(.readData) }
        if try row.decode("points") { features.insert(.restorePoints) }
        if try row.decode("files"), features.contains(.monitoring) { features.insert(.configurationFiles) }
        var role = DoctorFacts.Role(features: features)
        role.canLogin = try row.decode("rolcanlogin")
        role.isSuperuser = try row.decode("rolsuper")
        role.canReplicate = try row.decode("rolreplication") || role.isSuperuser
        return role
    }
}
