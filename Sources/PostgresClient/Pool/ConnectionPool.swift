import Synchronization

/// Lends connections to one server: few, reused, and bounded in number and in waiting.
///
/// ``run()`` must run as long as the pool is used. ``PoolStateMachine`` decides; this class opens, closes and waits.
package final class ConnectionPool: Sendable {
    /// Opens a connection.
    package typealias Connect = @Sendable () async throws -> Connection

    private typealias Machine = PoolStateMachine

    /// What ``run()`` does in tasks of its own.
    private enum Work: Sendable {
        case connect(Machine.ConnectionID)
        case wake(at: Duration)
        case forceShutDown(at: Duration)
    }

    private struct State {
        var machine: PoolStateMachine
        var nextWaiter = 0
        var waiters: [Machine.WaiterID: CheckedContinuation<Lease, any Error>] = [:]
        var connections: [Machine.ConnectionID: Connection] = [:]
        var lastError: (any Error)?
    }

    private struct Lease: Sendable {
        let id: Machine.ConnectionID
        let connection: Connection
        let needsCheck: Bool
    }

    private let configuration: PoolConfiguration
    private let connect: Connect
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let jitter: @Sendable () -> Double
    private let state: Mutex<State>
    private let work: AsyncStream<Work>
    private let continuation: AsyncStream<Work>.Continuation

    /// Makes a pool; no connection is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: Where the connections go.
    ///   - configuration: The bounds.
    package convenience init(_ settings: ConnectionSettings, _ configuration: PoolConfiguration = PoolConfiguration()) {
        self.init(configuration, clock: ContinuousClock(), jitter: { .random(in: 0...1) }) {
            try await Connection.connect(settings)
        }
    }

    /// Makes a pool with a clock, randomness and a way to connect of the caller's.
    package init<C: Clock<Duration>>(
        _ configuration: PoolConfiguration,
        clock: C,
        jitter: @escaping @Sendable () -> Double,
        connect: @escaping Connect
    ) {
        self.configuration = configuration
        self.connect = connect
        self.jitter = jitter
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
        state = Mutex(State(machine: PoolStateMachine(configuration)))
        (work, continuation) = AsyncStream.makeStream(of: Work.self)
    }

    /// What the pool is doing and has done.
    package var statistics: PoolStatistics {
        state.withLock { $0.machine.statistics }
    }

    /// The reason of the last failed attempt to connect, until one succeeds.
    package var lastConnectError: (any Error)? {
        state.withLock { $0.lastError }
    }

    /// Works until the pool is shut down; cancelling the task shuts it down at once.
    package func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                change { $0.start(at: $1) }
                for await item in work {
                    group.addTask { await self.perform(item) }
                }
                // Only timers and attempts to connect are left, whose outcome nobody waits for.
                group.cancelAll()
            }
        } onCancel: {
            change { $0.forceShutDown(at: $1) }
        }
    }

    /// Refuses new leases, waits for lent connections, and ends ``run()``.
    ///
    /// - Parameter patience: How long to wait for lent connections before they are closed under their users.
    package func shutDown(within patience: Duration) {
        change { $0.shutDown(at: $1) }
        continuation.yield(.forceShutDown(at: now() + patience))
    }

    /// Lends a connection to a closure. It goes back when the closure ends; broken ones are closed.
    ///
    /// - Parameter body: Uses the connection; it must not keep it.
    /// - Throws: ``PostgresError`` when there is no connection: `poolTimedOut`, `poolQueueFull`, `poolClosed`, or why
    ///   connecting failed; `CancellationError`; what `body` throws.
    package func withConnection<Value: Sendable>(_ body: (Connection) async throws -> Value) async throws -> Value {
        let lease = try await lease()
        do {
            let value = try await body(lease.connection)
            await giveBack(lease)
            return value
        } catch {
            await giveBack(lease)
            throw error
        }
    }

    // MARK: - Leasing

    private func lease() async throws -> Lease {
        // A connection that fails its trial is replaced; the next idle one may have died with it, so ask again, but not
        // for ever.
        for _ in 0...configuration.maximumConnections {
            let lease = try await leaseUnchecked()
            if await isHealthy(lease) { return lease }
            change { $0.release(lease.id, isUsable: false, at: $1) }
        }
        throw PostgresError(.connectionLost, "every connection of the pool was broken when it was tried")
    }

    private func leaseUnchecked() async throws -> Lease {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                change(waiter: (waiter, continuation)) { $0.lease(waiter, at: $1) }
                // A cancellation before the line above found no waiter to wake.
                if Task.isCancelled { change { $0.cancel(waiter, at: $1) } }
            }
        } onCancel: {
            change { $0.cancel(waiter, at: $1) }
        }
    }

    private func isHealthy(_ lease: Lease) async -> Bool {
        guard await lease.connection.seesServer() else { return false }
        guard lease.needsCheck else { return true }
        do {
            try await lease.connection.simpleQuery("", timeout: configuration.checkTimeout)
            return true
        } catch {
            // A cancelled task can leave its connection in order; anything else does not.
            guard Task.isCancelled else { return false }
            return await lease.connection.isUsable
        }
    }

    private func giveBack(_ lease: Lease) async {
        let isUsable = await lease.connection.canBeReused()
        change { $0.release(lease.id, isUsable: isUsable, at: $1) }
    }

    // MARK: - Acting

    /// Lets the machine decide under the lock, and acts outside it.
    private func change(
        waiter: (Int, CheckedContinuation<Lease, any Error>)? = nil,
        connection: (Int, Connection)? = nil,
        error: (any Error)? = nil,
        _ event: (inout PoolStateMachine, Duration) -> [PoolStateMachine.Action]
    ) {
        let now = now()
        var effects: [() -> Void] = []
        state.withLock { state in
            if let waiter { state.waiters[waiter.0] = waiter.1 }
            if let connection {
                state.connections[connection.0] = connection.1
                state.lastError = nil
            }
            if let error { state.lastError = error }
            for action in event(&state.machine, now) {
                if let effect = effect(of: action, &state) { effects.append(effect) }
            }
        }
        for effect in effects { effect() }
    }

    private func effect(of action: PoolStateMachine.Action, _ state: inout State) -> (() -> Void)? {
        switch action {
        case .connect(let id): return { [continuation] in continuation.yield(.connect(id)) }
        case .wake(let time): return { [continuation] in continuation.yield(.wake(at: time)) }
        case .finish: return { [continuation] in continuation.finish() }
        case .close(let id):
            guard let connection = state.connections.removeValue(forKey: id) else { return nil }
            return { connection.closeSoon() }
        case .lend(let id, let waiter, let check):
            guard let continuation = state.waiters.removeValue(forKey: waiter), let connection = state.connections[id]
            else { preconditionFailure("the pool lends connection \(id) to waiter \(waiter), and one is unknown") }
            return { continuation.resume(returning: Lease(id: id, connection: connection, needsCheck: check)) }
        case .fail(let waiter, let refusal):
            guard let continuation = state.waiters.removeValue(forKey: waiter) else { return nil }
            let error = error(for: refusal, lastError: state.lastError)
            return { continuation.resume(throwing: error) }
        }
    }

    private func error(for refusal: PoolStateMachine.Refusal, lastError: (any Error)?) -> any Error {
        switch refusal {
        case .cancelled: CancellationError()
        case .closed: PostgresError(.poolClosed, "the connection pool is shutting down")
        case .queueFull:
            PostgresError(
                .poolQueueFull,
                "\(configuration.maximumWaiters) already wait for a connection to the database"
            )
        case .cannotConnect: lastError ?? PostgresError(.connectionFailed, "can't connect to the database")
        case .timedOut:
            lastError
                ?? PostgresError(
                    .poolTimedOut,
                    "no connection to the database became free in \(configuration.waitTimeout)",
                    hint: "Look for long queries in pg_stat_activity."
                )
        }
    }

    private func perform(_ work: Work) async {
        switch work {
        case .connect(let id):
            do {
                let connection = try await connect()
                change(connection: (id, connection)) { $0.connected(id, at: $1) }
            } catch {
                let jitter = jitter()
                change(error: error) { $0.connectFailed(id, at: $1, jitter: jitter) }
            }
        case .wake(let time):
            guard (try? await sleep(time)) != nil else { return }
            change { $0.wake(at: $1) }
        case .forceShutDown(let time):
            guard (try? await sleep(time)) != nil else { return }
            change { $0.forceShutDown(at: $1) }
        }
    }
}
