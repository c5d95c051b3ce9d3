import Blocking
import PostgresClient

extension ConnectionSettings {
    /// Lifts the limits that a role or a database may have for its sessions: made for applications, they would end what takes
    /// hours, or waits for it.
    private static let limitless =
        "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0"

    /// The same, with sessions that nothing limits.
    var withoutLimits: ConnectionSettings {
        var settings = self
        settings.options = [options, Self.limitless].compactMap(\.self).joined(separator: " ")
        return settings
    }
}

extension BlockingConnection {
    /// Connects, for a session that nothing limits.
    ///
    /// - Throws: ``PostgresError``; `CancellationError`.
    static func connectWithoutLimits(
        _ settings: ConnectionSettings,
        cancellation: CancellationFlag
    ) throws -> BlockingConnection {
        let connection = try connect(settings.withoutLimits, cancellation: cancellation)
        // A server that does not know it would refuse a connection that asks for it.
        if connection.serverVersion.major >= 17 {
            try connection.simpleQuery("SET transaction_timeout = 0", cancellation: cancellation)
        }
        return connection
    }
}
