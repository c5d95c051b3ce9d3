import DequeModule

/// Decides what a pool does; it does nothing itself.
///
/// Events go in, actions come out, in the order in which they are to be done. Time is the time since the pool began, given
/// with each event; randomness is given too. It knows connections and waiters by number only.
struct PoolStateMachine {
    /// Names a connection; never used twice.
    typealias ConnectionID = Int
    /// Names one who waits for a connection; never used twice.
    typealias WaiterID = Int

    /// What the pool is to do.
    enum Action: Equatable {
        /// Open a connection, then report ``connected(_:at:)`` or ``connectFailed(_:at:jitter:)``.
        case connect(ConnectionID)
        /// Close a connection and forget it.
        case close(ConnectionID)
        /// Lend a connection to a waiter; it is tried first when it was idle for long.
        case lend(ConnectionID, to: WaiterID, check: Bool)
        /// Tell a waiter that there is no connection.
        case fail(WaiterID, Refusal)
        /// Report ``wake(at:)`` at this time.
        case wake(at: Duration)
        /// End: everything is closed.
        case finish
    }

    /// Why a waiter gets no connection.
    enum Refusal: Equatable {
        /// Its time is up.
        case timedOut
        /// Too many wait already.
        case queueFull
        /// The pool shuts down.
        case closed
        /// Its task was cancelled.
        case cancelled
        /// An attempt to connect failed, and no connection is open.
        case cannotConnect
    }

    private enum ConnectionState: Equatable {
        /// Can transition to: idle, leased, or gone.
        case connecting
        /// Can transition to: leased, or gone.
        case idle(since: Duration)
        /// Can transition to: idle, leased by the next, or gone.
        case leased
    }

    private struct PooledConnection {
        var state: ConnectionState
        var openedAt = Duration.zero
    }

    private struct Waiter {
        let id: WaiterID
        let since: Duration
    }

    private enum Phase: Equatable {
        /// Can transition to: draining, finished.
        case running
        /// Shutting down, with connections still lent or being opened. Can transition to: finished.
        case draining
        case finished
    }

    private let configuration: PoolConfiguration
    private var phase = Phase.running
    private var connections: [ConnectionID: PooledConnection] = [:]
    /// The most recently used one last: it is lent first, so that the others reach their idle limit.
    private var idle: [ConnectionID] = []
    private var waiters: Deque<Waiter> = []
    private var nextConnectionID = 0
    private var retryAt: Duration?
    private var wakeAt: Duration?
    private var counters = PoolStatistics()

    init(_ configuration: PoolConfiguration) {
        precondition(configuration.maximumConnections > 0, "a pool of no connections lends none")
        precondition(configuration.minimumConnections <= configuration.maximumConnections, "the minimum is too high")
        self.configuration = configuration
    }

    /// The counters.
    var statistics: PoolStatistics {
        var statistics = counters
        statistics.total = connections.count
        statistics.idle = idle.count
        statistics.connecting = connectingCount
        statistics.leased = connections.count - idle.count - statistics.connecting
        statistics.waiting = waiters.count
        return statistics
    }

    // MARK: - Events

    /// The pool begins to run.
    mutating func start(at now: Duration) -> [Action] {
        settle(at: now)
    }

    /// Somebody wants a connection.
    mutating func lease(_ waiter: WaiterID, at now: Duration) -> [Action] {
        guard phase == .running else { return [.fail(waiter, .closed)] }
        if let connection = idle.popLast() {
            return [lend(connection, to: Waiter(id: waiter, since: now), at: now)]
        }
        guard waiters.count < configuration.maximumWaiters else { return [.fail(waiter, .queueFull)] }
        waiters.append(Waiter(id: waiter, since: now))
        return settle(at: now)
    }

    /// The task of a waiter was cancelled. Nothing happens when it was served before.
    mutating func cancel(_ waiter: WaiterID, at now: Duration) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.id == waiter }) else { return [] }
        waiters.remove(at: index)
        return [.fail(waiter, .cancelled)] + settle(at: now)
    }

    /// A connection is open.
    mutating func connected(_ connection: ConnectionID, at now: Duration) -> [Action] {
        guard connections[connection]?.state == .connecting else { return [.close(connection)] }
        counters.created += 1
        counters.failuresInARow = 0
        retryAt = nil
        connections[connection] = PooledConnection(state: .idle(since: now), openedAt: now)
        return takeBack(connection, at: now)
    }

    /// A connection could not be opened.
    ///
    /// - Parameter jitter: A random number from 0 to 1, which spreads the attempts of several daemons.
    mutating func connectFailed(_ connection: ConnectionID, at now: Duration, jitter: Double) -> [Action] {
        guard connections.removeValue(forKey: connection) != nil else { return [] }
        counters.failures += 1
        counters.failuresInARow += 1
        let doublings = min(counters.failuresInARow - 1, 20)
        let pause = min(configuration.maximumBackoff, configuration.initialBackoff * (1 << doublings))
        retryAt = now + pause * (0.5 + jitter / 2)
        var actions: [Action] = []
        if connections.isEmpty || connections.values.allSatisfy({ $0.state == .connecting }) {
            // Nobody can hand a connection back, so waiting longer only hides the reason.
            actions = waiters.map { .fail($0.id, .cannotConnect) }
            waiters.removeAll()
        }
        return actions + settle(at: now)
    }

    /// A lent connection comes back.
    ///
    /// - Parameter isUsable: Whether it can be lent again.
    mutating func release(_ connection: ConnectionID, isUsable: Bool, at now: Duration) -> [Action] {
        guard connections[connection]?.state == .leased else { return [] }
        guard isUsable else { return [drop(connection)] + settle(at: now) }
        return takeBack(connection, at: now)
    }

    /// The time of an earlier ``Action/wake(at:)`` has come.
    mutating func wake(at now: Duration) -> [Action] {
        if let wakeAt, wakeAt <= now { self.wakeAt = nil }
        return settle(at: now)
    }

    /// No new leases; lent connections may come back.
    mutating func shutDown(at now: Duration) -> [Action] {
        guard phase == .running else { return [] }
        phase = .draining
        let refused = waiters.map { Action.fail($0.id, .closed) }
        waiters.removeAll()
        return refused + idle.map { drop($0) }.reversed() + finishIfEmpty()
    }

    /// The time for draining is over: every connection is closed, the lent ones too.
    mutating func forceShutDown(at now: Duration) -> [Action] {
        let actions = shutDown(at: now)
        guard phase == .draining else { return actions }
        let open = connections.keys.sorted().map { drop($0) }
        return actions + open + finishIfEmpty()
    }

    // MARK: - Decisions

    private var connectingCount: Int {
        connections.values.count { $0.state == .connecting }
    }

    private mutating func takeBack(_ connection: ConnectionID, at now: Duration) -> [Action] {
        let age = now - (connections[connection]?.openedAt ?? now)
        guard phase == .running, age < configuration.lifetime else { return [drop(connection)] + settle(at: now) }
        if let waiter = waiters.popFirst() { return [lend(connection, to: waiter, at: now, isFresh: true)] }
        connections[connection]?.state = .idle(since: now)
        idle.append(connection)
        return settle(at: now)
    }

    private mutating func lend(
        _ connection: ConnectionID,
        to waiter: Waiter,
        at now: Duration,
        isFresh: Bool = false
    ) -> Action {
        var needsCheck = false
        if !isFresh, case .idle(let since)? = connections[connection]?.state {
            needsCheck = now - since >= configuration.checkAfterIdle
        }
        connections[connection]?.state = .leased
        counters.leases += 1
        if now > waiter.since {
            counters.waits += 1
            counters.waitTime += now - waiter.since
        }
        return .lend(connection, to: waiter.id, check: needsCheck)
    }

    private mutating func drop(_ connection: ConnectionID) -> Action {
        connections[connection] = nil
        idle.removeAll { $0 == connection }
        counters.closed += 1
        return .close(connection)
    }

    /// Does all that is due at `now`, and asks to be woken when the next thing is.
    private mutating func settle(at now: Duration) -> [Action] {
        guard phase == .running else { return finishIfEmpty() }
        var actions: [Action] = []
        while let waiter = waiters.first, waiter.since + configuration.waitTimeout <= now {
            waiters.removeFirst()
            counters.waitTimeouts += 1
            actions.append(.fail(waiter.id, .timedOut))
        }
        for connection in idle where isExpired(connection, at: now) { actions.append(drop(connection)) }
        if let retryAt, retryAt <= now { self.retryAt = nil }
        if retryAt == nil { actions += openWhatIsNeeded() }
        if let due = nextDue(), wakeAt.map({ due < $0 }) ?? true {
            wakeAt = due
            actions.append(.wake(at: due))
        }
        return actions
    }

    private mutating func openWhatIsNeeded() -> [Action] {
        // After a failure one attempt at a time: a server that struggles gets no volley.
        let atOnce = counters.failuresInARow > 0 ? 1 : configuration.maximumConnections
        let wanted = max(waiters.count - connectingCount, configuration.minimumConnections - connections.count)
        let room = configuration.maximumConnections - connections.count
        return (0..<max(0, min(wanted, room, atOnce - connectingCount))).map { _ in
            let connection = nextConnectionID
            nextConnectionID += 1
            connections[connection] = PooledConnection(state: .connecting)
            return .connect(connection)
        }
    }

    private func isExpired(_ connection: ConnectionID, at now: Duration) -> Bool {
        guard let pooled = connections[connection], case .idle(let since) = pooled.state else { return false }
        if now - pooled.openedAt >= configuration.lifetime { return true }
        return connections.count > configuration.minimumConnections && now - since >= configuration.idleTimeout
    }

    private func nextDue() -> Duration? {
        var due = waiters.first.map { $0.since + configuration.waitTimeout }
        func consider(_ time: Duration) {
            due = min(due ?? time, time)
        }
        if let retryAt, !waiters.isEmpty || connections.count < configuration.minimumConnections { consider(retryAt) }
        for id in idle {
            guard let pooled = connections[id], case .idle(let since) = pooled.state else { continue }
            consider(pooled.openedAt + configuration.lifetime)
            if connections.count > configuration.minimumConnections { consider(since + configuration.idleTimeout) }
        }
        return due
    }

    private mutating func finishIfEmpty() -> [Action] {
        guard phase == .draining, connections.isEmpty else { return [] }
        phase = .finished
        return [.finish]
    }
}
