import Synchronization

/// Runs a piece of work once for all who want its result at the same time, and never gives a result that is older than the
/// request for it.
///
/// ``run()`` must run as long as it is used. ``SharedRunsStateMachine`` decides.
final class SharedRuns<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var machine: SharedRunsStateMachine<Key>
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
        var isClosed = false
    }

    private let state: Mutex<State>
    private let work: AsyncStream<Key>
    private let continuation: AsyncStream<Key>.Continuation

    /// - Parameter maximumWaiters: How many may wait for a result; more are refused with ``ReceptionError/tooMany``.
    init(maximumWaiters: Int) {
        state = Mutex(State(machine: SharedRunsStateMachine(maximumWaiters: maximumWaiters)))
        (work, continuation) = AsyncStream.makeStream(of: Key.self)
    }

    /// How many wait for a result.
    var waiterCount: Int { state.withLock { $0.machine.waiterCount } }

    /// Works until the task is cancelled; then all who wait are refused.
    ///
    /// - Parameter body: The work.
    func run(_ body: @escaping @Sendable (Key) async throws -> Value) async {
        await withDiscardingTaskGroup { group in
            for await key in work {
                group.addTask { await self.perform(key, body) }
            }
            group.cancelAll()
        }
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in left.values { waiter.resume(throwing: ReceptionError.stopping) }
    }

    /// The result of a run that begins after this call.
    ///
    /// - Throws: what the run throws; ``ReceptionError/tooMany``, ``ReceptionError/stopping``; `CancellationError` when the task
    ///   is cancelled, which does not end the run.
    func result(_ key: Key) async throws -> Value {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                let isClosed = state.withLock { state in
                    if !state.isClosed { state.waiters[waiter] = continuation }
                    return state.isClosed
                }
                guard !isClosed else { return continuation.resume(throwing: ReceptionError.stopping) }
                change { $0.ask(waiter, key) }
                // A cancellation before the waiter was noted found nobody to wake.
                if Task.isCancelled { leave(waiter, key) }
            }
        } onCancel: {
            leave(waiter, key)
        }
    }

    private func leave(_ waiter: Int, _ key: Key) {
        let continuation = state.withLock { state in
            state.machine.leave(waiter, key)
            return state.waiters.removeValue(forKey: waiter)
        }
        continuation?.resume(throwing: CancellationError())
    }

    private func perform(_ key: Key, _ body: @Sendable (Key) async throws -> Value) async {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(key))
        } catch {
            result = .failure(error)
        }
        change(result) { $0.finished(key) }
    }

    /// Lets the machine decide under the lock, and acts outside it.
    private func change(
        _ result: Result<Value, any Error>? = nil,
        _ event: (inout SharedRunsStateMachine<Key>) -> [SharedRunsStateMachine<Key>.Action]
    ) {
        var effects: [() -> Void] = []
        state.withLock { state in
            for action in event(&state.machine) {
                switch action {
                case .start(let key): effects.append { [continuation] in continuation.yield(key) }
                case .refuse(let waiter):
                    guard let refused = state.waiters.removeValue(forKey: waiter) else { continue }
                    effects.append { refused.resume(throwing: ReceptionError.tooMany) }
                case .answer(let waiters):
                    guard let result else { preconditionFailure("only the end of a run has answers") }
                    for waiter in waiters {
                        guard let waiting = state.waiters.removeValue(forKey: waiter) else { continue }
                        effects.append { waiting.resume(with: result) }
                    }
                }
            }
        }
        for effect in effects { effect() }
    }
}
