package import Blocking
package import PostgresClient
package import State

/// The databases of a server that dumps can be taken of, and those that none can be taken of.
package struct DumpableDatabases: Sendable, Hashable {
    /// How many are named that can't be dumped.
    private static let mostLeftOut = 100

    /// Those that can be dumped, in the order in which they were made.
    package var names: [String]
    /// Those that can't, each with the reason and the statement that mends it. Templates, and databases whose DROP was
    /// interrupted, are not among them: nobody's data is there. Nor is one that a restore is just making, or left half-made:
    /// its dump would be kept as a backup.
    package var leftOut: LeftOutDatabases

    package init(names: [String], leftOut: LeftOutDatabases = LeftOutDatabases()) {
        self.names = names
        self.leftOut = leftOut
    }

    /// Asks the server.
    ///
    /// Blocks.
    ///
    /// - Throws: ``PostgresError``; `CancellationError`.
    package init(asking settings: ConnectionSettings, cancellation: CancellationFlag) throws {
        let connection = try BlockingConnection.connect(settings, cancellation: cancellation)
        // -2 marks a database whose DROP was interrupted (pg_database.h, DATCONNLIMIT_INVALID_DB).
        let rows = try connection.query(
            """
            SELECT datname, datallowconn, has_database_privilege(oid, 'CONNECT')
              FROM pg_database WHERE NOT datistemplate AND datconnlimit <> -2 AND NOT (\(HalfMadeDatabase.condition))
             ORDER BY oid
            """,
            cancellation: cancellation
        ).rows
        (names, leftOut) = ([], LeftOutDatabases())
        for row in rows {
            let name: String = try row.decode(0)
            let (isOpen, isAllowed): (Bool, Bool) = (try row.decode(1), try row.decode(2))
            if isOpen, isAllowed {
                names.append(name)
                continue
            }
            leftOut.count += 1
            guard leftOut.count <= Self.mostLeftOut else { continue }
            leftOut.named.append(isOpen ? Self.forbidden(name, role: settings.user) : Self.closed(name))
        }
    }

    private static func closed(_ name: String) -> LeftOutDatabases.Database {
        .init(
            name: name,
            reason: .closed,
            statement: "ALTER DATABASE \(SetupSQL.identifier(name)) ALLOW_CONNECTIONS true"
        )
    }

    private static func forbidden(_ name: String, role: String) -> LeftOutDatabases.Database {
        .init(
            name: name,
            reason: .forbidden(role: role),
            statement: "GRANT CONNECT ON DATABASE \(SetupSQL.identifier(name)) TO \(SetupSQL.identifier(role))"
        )
    }
}
