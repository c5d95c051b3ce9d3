import Blocking
import DequeModule
@preconcurrency import Dispatch
import Synchronization

/// The thread that one connection lives on: it runs the connection's jobs one after the other.
///
/// An actor on a queue's executor would leave the thread to the runtime, which may run an actor's closures on one of the
/// few cooperative threads; a thread of our own can block as long as it must.
final class ConnectionThread: Sendable {
    /// Work for the connection's thread; it may close the connection by setting it to `nil`.
    typealias Job = @Sendable (inout BlockingConnection?) -> Void

    private struct State {
        var jobs: Deque<Job> = []
        var isFinished = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Adds a job. After ``finish()`` it is still run, with no connection.
    func run(_ job: @escaping Job) {
        let isFinished = state.withLock { state in
            if !state.isFinished { state.jobs.append(job) }
            return state.isFinished
        }
        if isFinished {
            var none: BlockingConnection?
            job(&none)
        } else {
            wakeUp.signal()
        }
    }

    /// Lets the thread end, which closes the connection, once the jobs before are done.
    func finish() {
        state.withLock { $0.isFinished = true }
        wakeUp.signal()
    }

    /// The thread's life; it returns after ``finish()``, or at once when there is no connection to serve.
    ///
    /// - Parameter connect: Makes the connection. Only this thread holds it, so a job that sets it to `nil` closes it.
    func serve(_ connect: () -> BlockingConnection?) {
        var connection = connect()
        guard connection != nil else { return }
        while true {
            wakeUp.wait()
            let (job, isFinished) = state.withLock { ($0.jobs.popFirst(), $0.isFinished) }
            if let job {
                job(&connection)
            } else if isFinished {
                return
            }
        }
    }
}
