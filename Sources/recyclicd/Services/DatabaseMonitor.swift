import Blocking
import FoundationEssentials
import Logging
import PostgresClient
import ServiceLifecycle
import Systemd

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
    private let freshness: Duration
    private let patience: Duration
    private let onChange: @Sendable (Observation) async -> Void
    private let heart: Heartbeats.Heart?
    private(set) var observation = Observation()
    private var answeredAt: ContinuousClock.Instant?
    /// What the server is being asked at the moment; whoever wants to know waits for the same answer.
    private var question: (task: Task<Void, Never>, since: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - pool: Connections to the server.
    ///   - logger: Gets each change.
    ///   - freshness: How old an answer may be for whoever wants to know how things are now.
    ///   - patience: How long the server may take until it is called silent.
    ///   - heart: Beats while there is an answer to be had of this part, whatever the server does.
    ///   - onChange: Gets each change, in order; the first answer or its absence is one.
    init(
        pool: ConnectionPool,
        logger: Logger,
        freshness: Duration = .milliseconds(500),
        patience: Duration = .seconds(5),
        heart: Heartbeats.Heart? = nil,
        onChange: @escaping @Sendable (Observation) async -> Void = { _ in }
    ) {
        self.heart = heart
        self.pool = pool
        self.logger = logger
        self.freshness = freshness
        self.patience = patience
        self.onChange = onChange
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                // Apart from the asking: a server that never answers is its own fault, not this part's.
                group.addTask {
                    while !Task.isCancelled {
                        await self.showProgress()
                        try? await Task.sleep(for: Self.interval)
                    }
                }
                while !Task.isCancelled {
                    await self.observe()
                    try? await Task.sleep(for: Self.interval)
                }
                group.cancelAll()
            }
        }
        question?.task.cancel()
    }

    private func showProgress() { heart?.beat() }

    /// What is known now, at most half a second old; waits up to five for an answer. A server that is silent for longer can't be
    /// reached.
    ///
    /// Only the waiting ends then. The question goes on, for a query takes seconds to be cancelled, and its answer is of use
    /// whenever it comes.
    func freshObservation() async -> Observation {
        if let answeredAt, answeredAt.duration(to: .now) < freshness { return observation }
        let asked = currentQuestion()
        // A server that is well answers within a millisecond or two; whoever asks for the status waits for it.
        var pause = Duration.microseconds(500)
        while isUnderWay(asked.task), !isPausing, ContinuousClock.now < asked.since + patience, !Task.isCancelled {
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(20))
        }
        // What is known to be wrong already says more than that there is no answer.
        if isUnderWay(asked.task), observation.trouble == nil, !Task.isCancelled {
            let reason = pool.lastConnectError as? any OperatorError
            let silent = note(reason ?? ServerSilent(seconds: patience.components.seconds))
            if let silent { await onChange(silent) }
        }
        return observation
    }

    /// Asks the server now, and waits for the answer as long as it takes.
    func observe() async {
        let task = currentQuestion().task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func currentQuestion() -> (task: Task<Void, Never>, since: ContinuousClock.Instant) {
        if let question { return question }
        let asked = (task: Task { await self.answer() }, since: ContinuousClock.now)
        question = asked
        return asked
    }

    private func isUnderWay(_ task: Task<Void, Never>) -> Bool { question?.task == task }

    /// Whether the pool lets the server rest after a failed attempt: then nothing is under way that one could wait for.
    private var isPausing: Bool {
        let statistics = pool.statistics
        return statistics.failuresInARow > 0 && statistics.waiting > 0 && statistics.total == 0
    }

    private func answer() async {
        var change: Observation?
        do {
            change = note(try await identify())
        } catch let error as any OperatorError {
            change = note(error)
        } catch {
            // Cancelled: the daemon stops.
        }
        question = nil
        if let change { await onChange(change) }
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

    /// - Returns: What is known now, if that is news.
    private func note(_ identity: Identity) -> Observation? {
        let isNews = observation.trouble != nil || !observation.wasAsked
        if isNews {
            let version: Logger.Metadata = [LogKey.version: "\(identity.version)"]
            if observation.trouble == nil {
                logger.info("the server answers", metadata: version)
            } else {
                logger.log(.databaseBack, level: .notice, "the server answers again", metadata: version)
            }
            observation.since = Date()
        }
        answeredAt = .now
        observation.identity = identity
        observation.trouble = nil
        observation.wasAsked = true
        return isNews ? observation : nil
    }

    /// - Returns: What is known now, if that is news.
    private func note(_ error: any OperatorError) -> Observation? {
        let isNews = observation.trouble == nil
        if isNews {
            logger.log(
                .databaseLost,
                level: .error,
                "the server can't be reached: \(error.message)",
                metadata: error.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
            )
            observation.since = Date()
        }
        answeredAt = .now
        observation.trouble = error
        observation.wasAsked = true
        return isNews ? observation : nil
    }
}
