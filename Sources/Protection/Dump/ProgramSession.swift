import Blocking
import PostgresClient

/// What the server says of the session that a program of PostgreSQL has there.
///
/// Not Sendable: driven by the dump's thread.
final class ProgramSession {
    /// The name that the session has.
    let name: String
    private let settings: ConnectionSettings
    private let cancellation: CancellationFlag
    private var connection: BlockingConnection?

    /// - Parameters:
    ///   - name: The session's `application_name`.
    ///   - settings: How to reach the server, as the same role.
    ///   - connection: An open connection to ask over; without one, or when it is lost, another is made.
    ///   - cancellation: Ends the asking.
    init(
        named name: String,
        _ settings: ConnectionSettings,
        over connection: BlockingConnection? = nil,
        cancellation: CancellationFlag
    ) {
        self.name = name
        self.settings = settings
        self.connection = connection
        self.cancellation = cancellation
    }

    /// Lets the connection go that it asks over; the next question makes another.
    func disconnect() {
        connection = nil
    }

    /// Asks what the session does.
    ///
    /// - Parameter patience: How long it may wait for its program, by the server's own clock, before that is remarkable.
    /// - Throws: `CancellationError`. That nobody answers is an answer too.
    func sample(patience: Duration) throws -> SilenceJudge.Sample {
        do {
            return try ask(patience)
        } catch let error as PostgresError {
            guard !Self.saysTheServerLives(error) else { return .working }
            // The one it was asked over may have been lost alone: it was idle for as long as the program worked.
            guard connection != nil else { return .unknown(error.message) }
            connection = nil
        }
        do {
            return try ask(patience)
        } catch let error as PostgresError {
            connection = nil
            return Self.saysTheServerLives(error) ? .working : .unknown(error.message)
        }
    }

    /// Refused, but by a server that runs: what the program's session does stays open.
    private static func saysTheServerLives(_ error: PostgresError) -> Bool {
        error.kind == .tooManyConnections
    }

    private func ask(_ patience: Duration) throws -> SilenceJudge.Sample {
        let connection = try connection ?? BlockingConnection.connect(settings, cancellation: cancellation)
        self.connection = connection
        let timeout = min(.seconds(30), settings.queryTimeout)
        // Within a transaction what was seen once stays as it was.
        try connection.simpleQuery("SELECT pg_stat_clear_snapshot()", timeout: timeout, cancellation: cancellation)
        // Between two of its queries a healthy program lets its session wait as well, but not for long.
        let found = try connection.query(
            """
            SELECT coalesce(wait_event_type = 'Client'
                            AND state_change < clock_timestamp() - $2::float8 * interval '1 second', false)
              FROM pg_stat_activity
             WHERE application_name = $1 AND usename = session_user AND pid <> pg_backend_pid()
            """,
            [name, patience / .seconds(1)],
            timeout: timeout,
            cancellation: cancellation
        ).rows
        guard let row = found.first else { return .gone }
        return try row.decode(0) ? .waitingForProgram : .working
    }
}
