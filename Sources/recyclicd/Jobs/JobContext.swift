import Blocking
import Logging
import State

/// What a job's work gets: its identity, where to show progress, and how it learns that it shall stop.
struct JobContext: Sendable {
    let id: JobID
    /// Shown to everyone who watches the job.
    let meter: ProgressMeter
    /// Set when somebody cancels the job, and when the daemon stops.
    let cancellation: CancellationFlag
    /// Carries the job's number.
    let logger: Logger
}
