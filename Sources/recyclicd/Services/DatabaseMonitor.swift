import Blocking
import FoundationEssentials
import Logging
import PostgresClient
import ServiceLifecycle

/// Asks the server every few seconds whether it answers, and remembers what it said of itself last.
///
/// A server that is down is a state that status tells, not a reason for the daemon to end.
actor DatabaseMonitor: Service {
    /// What the server says of itself.
    struct Identity: Sendable, Equatable {
        var version: String
        var systemIdentifier: String
    }

    /// What is known now.
    struct Observation: Sendable {
        /// `nil` until the first answer.
        var identity: Identity?
        /// Why it can't be reached; `nil` when it can, or was not asked yet.
        var trouble: (any OperatorError)?
        /// Since when it is as it is.
        var since: Date?
        /// Whether it was asked yet.
        var wasAsked = false
    }

    static let interval = Duration.seconds(15)

    private let pool: ConnectionPool
    private let logger: Logger
    private(set) var observation = Observation()

    init(pool: ConnectionPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.observe()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Asks the server now.
    func observe() async {
        do {
            let identity = try await pool.withConnection { connection in
                let result = try await connection.query(
                    """
                    SELECT current_setting('server_version'), (SELECT system_identifier::text FROM pg_control_system())
                    """,
                    timeout: .seconds(10)
                )
                let row = try result.onlyRow()
                return Identity(
                    version: try row.decode(0, as: String.self),
                    systemIdentifier: try row.decode(1, as: String.self)
                )
            }
            note(identity)
        } catch let error as any OperatorError {
            note(error)
        } catch {
            // Cancelled: the daemon stops.
        }
    }

    private func note(_ identity: Identity) {
        if observation.trouble != nil || !observation.wasAsked {
            logger.notice("the server answers", metadata: ["version": "\(identity.version)"])
            observation.since = Date()
        }
        observation.identity = identity
        observation.trouble = nil
        observation.wasAsked = true
    }

    private func note(_ error: any OperatorError) {
        if observation.trouble == nil {
            logger.error(
                "the server can't be reached: \(error.message)",
                metadata: error.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
            )
            observation.since = Date()
        }
        observation.trouble = error
        observation.wasAsked = true
    }
}
