package import Blocking
package import PostgresClient

/// The databases of a server that dumps can be taken of.
package enum DumpableDatabases {
    /// Asks the server: all that may be connected to, templates and those whose DROP was interrupted aside, in the order in which
    /// they were made. A database that a restore is just making, or left half-made, is none: its dump would be kept as a backup.
    ///
    /// Blocks.
    ///
    /// - Throws: ``PostgresError``; `CancellationError`.
    package static func list(_ settings: ConnectionSettings, cancellation: CancellationFlag) throws -> [String] {
        let connection = try BlockingConnection.connect(settings, cancellation: cancellation)
        // -2 marks a database whose DROP was interrupted (pg_database.h, DATCONNLIMIT_INVALID_DB).
        let result = try connection.query(
            """
            SELECT datname FROM pg_database
             WHERE datallowconn AND NOT datistemplate AND datconnlimit <> -2 AND NOT (\(HalfMadeDatabase.condition))
             ORDER BY oid
            """,
            cancellation: cancellation
        )
        return try result.rows.map { try $0.decode(0) }
    }
}
