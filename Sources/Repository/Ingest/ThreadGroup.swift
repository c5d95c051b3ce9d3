import Blocking
import Synchronization

/// Threads that can be waited for.
final class ThreadGroup: Sendable {
    private let ended = BlockingQueue<Void>(capacity: 64)
    private let running = Mutex<Int>(0)

    /// Starts a thread of the group; at most 64.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        running.withLock { $0 += 1 }
        let ended = ended
        startThread(name) {
            body()
            ended.put(())
        }
    }

    /// Waits until all threads started so far have ended.
    func join() {
        let count = running.withLock { running in
            defer { running = 0 }
            return running
        }
        for _ in 0..<count { _ = ended.take() }
    }
}
