/// How a job ended.
package enum JobOutcome: Sendable, Hashable {
    /// It did what was asked; with what it gave, if anything.
    case succeeded(result: JSONText?)
    /// It failed; with what it can tell nevertheless (a drill's checks, the objects a verify run found damaged).
    case failed(JobFailure, result: JSONText?)
    /// It was cancelled; with what it had done before.
    case cancelled(result: JSONText? = nil)

    var state: JobState {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// Whether somebody ended it.
    package var isCancelled: Bool { state == .cancelled }

    var failure: JobFailure? {
        guard case .failed(let failure, _) = self else { return nil }
        return failure
    }

    var result: JSONText? {
        switch self {
        case .succeeded(let result), .failed(_, let result), .cancelled(let result): result
        }
    }
}
