import Blocking

/// Runs a test that blocks for seconds on a thread of its own, still as part of the test's task, so that what it expects
/// is put down to it.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(ThreadExecutor()) { try await onExecutor(body) }
}

@concurrent
private func onExecutor<Value: Sendable>(_ body: @Sendable () throws -> Value) async throws -> Value {
    try body()
}

/// Gives every job a thread.
private final class ThreadExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        startThread("test") { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
