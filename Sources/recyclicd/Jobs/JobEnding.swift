import FoundationEssentials
import State

/// How a job ended, kept until it is recorded.
struct JobEnding: Sendable {
    let outcome: JobOutcome
    /// How far the job came; `nil` for one that never began.
    let progress: JobProgress?
    let finishedAt: Date

    /// Records it. A job whose beginning could not be recorded either is recorded as begun first.
    ///
    /// - Throws: ``StateError`` when the state can't be written.
    func record(of id: JobID, in state: StateStore) async throws {
        guard let job = try await state.job(id), !job.state.isFinished else { return }
        if job.state == .queued, !outcome.isCancelled { try await state.startJob(id, at: finishedAt) }
        try await state.finishJob(id, outcome, progress: progress, at: finishedAt)
    }

    /// A job as it will be recorded.
    func applied(to job: State.Job) -> State.Job {
        var ended = job
        ended.finishedAt = finishedAt
        if let progress { ended.progress = progress }
        switch outcome {
        case .succeeded(let result):
            ended.state = .succeeded
            ended.result = result
        case .failed(let failure, let result):
            ended.state = .failed
            ended.failure = failure
            ended.result = result
        case .cancelled(let result):
            ended.state = .cancelled
            ended.result = result
        }
        return ended
    }
}
