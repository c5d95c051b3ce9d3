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
    /// How old an answer may be for whoever wants to know how things are now.
    private static let freshness = Duration.milliseconds(500)
    /// How long such a one waits for the server.
    private static let patience = Duration.seconds(5)

    private let pool: ConnectionPool
    private let logger: Logger
    private(set) var observation = Observation()
    private var answeredAt: ContinuousClock.Instant?
    /// Whether somebody who wants to know how things are now has asked already: others wait for the same answer.
    private var isAsking = false

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

    /// What is known now, at most half a second old; waits up to five for an answer. A server that is silent for longer can't be
    /// reached.
    func freshObservation() async -> Observation {
        while isAsking, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
        if let answeredAt, answeredAt.duration(to: .now) < Self.freshness { return observation }
        isAsking = true
        defer { isAsking = false }
        let before = answeredAt
        let isAnswered = try? await withDeadline(Self.patience) {
            await self.observe()
            return true
        }
        if isAnswered == nil, answeredAt == before, !Task.isCancelled {
            note(ServerSilent(seconds: Self.patience.components.seconds))
        }
        return observation
    }

    /// Asks the server now.
    func observe() async {
        do {
            note(try await identify())
        } catch let error as any OperatorError {
            note(error)
        } catch {
            // Cancelled: the daemon stops, or whoever asked waits no longer.
        }
    }

    private func identify() async throws -> Identity {
        do {
            return try await ask()
        } catch let error as PostgresError where error.kind == .connectionLost {
            // The pool's connection may be older than the server's last restart.
            return try await ask()
        }
    }

    private func ask() async throws -> Identity {
        try await pool.withConnection { connection in
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
    }

    private func note(_ identity: Identity) {
        if observation.trouble != nil || !observation.wasAsked {
            logger.notice("the server answers", metadata: ["version": "\(identity.version)"])
            observation.since = Date()
        }
        answeredAt = .now
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
        answeredAt = .now
        observation.trouble = error
        observation.wasAsked = true
    }
}
