import State

/// A piece of work to be done by the ``JobRunner``.
struct JobRequest: Sendable {
    let kind: JobKind
    /// What it works on, as asked: a backup, `latest`, `all`.
    let target: String?
    /// Who asked: a user, `schedule`, a job.
    let requestedBy: String
    /// A job that waits or runs with the same key does what this one would do, so it is joined.
    let joinKey: String
    /// Does it. Runs as a task; blocking parts go to threads of their own.
    let work: @Sendable (JobContext) async throws -> JobResult
}

/// What a job's work gave.
struct JobResult: Sendable {
    /// The backups that were stored or worked on.
    var backups: [String] = []
    /// The report, as the control interface gives it.
    var report: JSONText?
    /// What the operator should know although all went well.
    var warnings: [String] = []
    /// The work was done and its verdict is bad: damage was found, a drill failed.
    var badNews: JobFailure?
    /// Whether somebody ended the work; all else is what was done before.
    var wasCancelled = false
    /// What is worth recording of what was done.
    var events: [EventDraft] = []
}
