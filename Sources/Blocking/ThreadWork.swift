import Synchronization

/// A piece of blocking work under way on a thread of its own, for which any number of tasks may wait, each as long as it
/// likes.
///
/// What hangs in the kernel, as on a network file system whose server is gone, can't be called back: only the waiting for
/// it can end.
package final class ThreadWork<Value: Sendable>: Sendable {
    private struct State {
        var outcome: Result<Value, any Error>?
        /// Who waits, by number.
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastNumber = 0
    }

    /// How long a cancelled task still waits for work that may be about to end.
    private static var grace: Duration { .seconds(5) }

    private let begun = ContinuousClock.now
    private let state = Mutex(State())

    /// Begins the work.
    ///
    /// - Parameters:
    ///   - name: The thread's name; at most 15 bytes are kept.
    ///   - body: The work.
    package init(_ name: String, _ body: @escaping @Sendable () throws -> Value) {
        startThread(name) { self.finish(Result(catching: body)) }
    }

    /// Begins work on a thread of somebody else's, such as a queue that blocks.
    ///
    /// - Parameter begin: Begins it, and has its parameter called with what came of it, once.
    package init(begin: (_ finish: @escaping @Sendable (Result<Value, any Error>) -> Void) -> Void) {
        begin { self.finish($0) }
    }

    /// What came of it; `nil` while it is under way.
    package var outcome: Result<Value, any Error>? { state.withLock { $0.outcome } }

    /// How long ago it began.
    package var age: Duration { begun.duration(to: .now) }

    /// Waits for what comes of it.
    ///
    /// - Parameter patience: How long at most; not at all when it is not above zero. A cancelled task waits 5 s more at most.
    /// - Returns: `nil` when it is still under way.
    package func outcome(within patience: Duration) async -> Result<Value, any Error>? {
        let deadline = ContinuousClock.now + patience
        await wait(patience)
        if outcome == nil, Task.isCancelled {
            let rest = min(ContinuousClock.now.duration(to: deadline), Self.grace)
            // In a task of its own, which nobody cancels.
            await Task { await wait(rest) }.value
        }
        return outcome
    }

    private func wait(_ patience: Duration) async {
        guard patience > .zero else { return }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let number: Int? = state.withLock { state in
            guard state.outcome == nil else { return nil }
            state.lastNumber += 1
            state.waiting[state.lastNumber] = end
            return state.lastNumber
        }
        guard let number else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in ends {} }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.waiting[number] = nil }
    }

    private func finish(_ outcome: Result<Value, any Error>) {
        let waiting = state.withLock { state in
            state.outcome = outcome
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for end in waiting { end.finish() }
    }
}
