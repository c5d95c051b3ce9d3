import Blocking
import Synchronization

/// Waits for a blocking call, but not longer than a time.
///
/// A look-up without a name server or a `stat` on a dead network disk can't be interrupted: then the call is left behind
/// on its thread, which ends when the call does, and the answer is `nil`.
func firstAnswer<Answer: Sendable>(
    within limit: Duration,
    _ name: String,
    _ body: @escaping @Sendable () -> Answer
) async -> Answer? {
    let race = Race<Answer?>()
    let timer = Task {
        try? await Task.sleep(for: limit)
        race.finish(nil)
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { continuation in
        race.start(continuation)
        startThread(name) { race.finish(body()) }
    }
}

/// Resumes a continuation with the first of several answers.
private final class Race<Answer: Sendable>: Sendable {
    private enum State {
        /// Can transition to running, ended.
        case waiting
        /// Can transition to ended.
        case running(CheckedContinuation<Answer, Never>)
        case ended(Answer)
    }

    private let state = Mutex(State.waiting)

    func start(_ continuation: CheckedContinuation<Answer, Never>) {
        let answer: Answer? = state.withLock { state in
            if case .ended(let answer) = state { return answer }
            state = .running(continuation)
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    func finish(_ answer: Answer) {
        let continuation: CheckedContinuation<Answer, Never>? = state.withLock { state in
            switch state {
            case .ended:
                return nil
            case .waiting:
                state = .ended(answer)
                return nil
            case .running(let continuation):
                state = .ended(answer)
                return continuation
            }
        }
        continuation?.resume(returning: answer)
    }
}
