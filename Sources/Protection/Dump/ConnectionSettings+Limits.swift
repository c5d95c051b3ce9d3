import Blocking
import PostgresClient

extension ConnectionSettings {
    /// Lifts the limits that a role or a database may have for its sessions: made for applications, they would end what takes
    /// hours, or waits for it.
    private static let limitless =
        "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"

    /// The same, with sessions that no limit ends which every server knows.
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
        for setting in limits(ofVersion: connection.serverVersion.major) {
            try connection.simpleQuery("SET \(setting) = 0", cancellation: cancellation)
        }
        return connection
    }

    /// The limits that not every server knows: a connection that named one as it begins would be refused by the others.
    ///
    /// - Parameter major: The server's major version.
    static func limits(ofVersion major: Int) -> [String] {
        (major >= 14 ? ["idle_session_timeout"] : []) + (major >= 17 ? ["transaction_timeout"] : [])
    }
}
