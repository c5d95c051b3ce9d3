import PostgresClient
import TestSupport

/// Holds a table of the database "recyclic" locked, so that a dump waits.
///
/// `@unchecked Sendable`: a test makes it on one thread and lets go on another, never both at once.
final class TableHolder: @unchecked Sendable {
    private let connection: BlockingConnection

    /// Locks it; blocks.
    init(_ table: String, of server: PrivatePostgres) throws {
        var settings = ConnectionSettings(
            host: server.socketDirectory,
            port: server.port,
            user: "postgres",
            database: "recyclic"
        )
        settings.applicationName = "holder"
        connection = try BlockingConnection.connect(settings)
        try connection.simpleQuery("BEGIN; LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
    }

    /// Lets it go; blocks.
    func release() {
        if connection.isUsable { _ = try? connection.simpleQuery("ROLLBACK") }
    }
}
