/// Waits for `body` within reason. It goes on when that is over: what hangs in the kernel, as on a disk that does not answer,
/// can't be called back, only the waiting for it can end.
///
/// - Parameters:
///   - patience: How long to wait at most.
///   - body: The work. It runs in a task of its own, which the caller's cancellation does not reach.
/// - Returns: What `body` returns; `nil` when it is still under way, or when the calling task was cancelled.
/// - Throws: What `body` throws.
package func withPatience<Value: Sendable>(
    _ patience: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    let (outcomes, outcome) = AsyncThrowingStream.makeStream(of: Value.self)
    // No child of anybody: a parent would have to wait for it.
    Task {
        do {
            outcome.yield(try await body())
            outcome.finish()
        } catch {
            outcome.finish(throwing: error)
        }
    }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await outcomes.first { _ in true } }
        group.addTask {
            try? await Task.sleep(for: patience)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
