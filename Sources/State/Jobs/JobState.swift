/// Where a job stands.
package enum JobState: String, Sendable, Hashable, CaseIterable, Codable {
    /// Accepted, not begun. Can transition to: running, cancelled, interrupted.
    case queued
    /// Begun. Can transition to: succeeded, failed, cancelled, interrupted.
    case running
    /// Ended as asked.
    case succeeded
    /// Ended with an error, or found what it looked at to be bad.
    case failed
    /// Stopped because somebody asked.
    case cancelled
    /// The daemon ended before the job did; found at the next start.
    case interrupted

    /// Whether the job has ended, in whatever way.
    package var isFinished: Bool {
        switch self {
        case .queued, .running: false
        case .succeeded, .failed, .cancelled, .interrupted: true
        }
    }
}
