/// Runs a blocking piece of work on a thread of its own and suspends the calling task meanwhile.
///
/// Calls into libpq, zlib, zstd and the file system block. On Swift's cooperative threads (one per core) a few of them
/// would stop every other task of the process, so such work goes here. Each call has a thread of its own: long pieces of
/// work never wait for each other, and nothing can exhaust a shared pool. Don't call it per small operation.
///
/// - Parameters:
///   - name: The thread's name as `top -H` shows it; at most 15 bytes are kept (pthread_setname_np(3)).
///   - body: The work. It can't see the task's cancellation: hand it a ``CancellationFlag``.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
package func onThread<Result: Sendable>(
    _ name: String,
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        startThread(name) { continuation.resume(with: Swift.Result(catching: body)) }
    }
}

/// Like ``onThread(_:_:)``, and sets `flag` when the calling task is cancelled.
package func onThread<Result: Sendable>(
    _ name: String,
    cancelling flag: CancellationFlag,
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withTaskCancellationHandler {
        try await onThread(name, body)
    } onCancel: {
        flag.cancel()
    }
}
