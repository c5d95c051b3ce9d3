package import FoundationEssentials

/// A piece of work the daemon was asked to do, or did by itself.
package struct Job: Sendable, Hashable, Identifiable {
    /// Its number.
    package var id: JobID
    /// What it does.
    package var kind: JobKind
    /// What exactly was asked; an object whose shape depends on `kind`.
    package var detail: JSONText
    /// Where it stands.
    package var state: JobState
    /// Who asked: a user's name, `schedule`, `first start`, …
    package var requestedBy: String
    /// When it was accepted.
    package var createdAt: Date
    /// When it began.
    package var startedAt: Date?
    /// When it ended; for an interrupted job, when that was found.
    package var finishedAt: Date?
    /// What it does or last did, in words.
    package var phase: String?
    /// How far it is or came.
    package var progress: JobProgress
    /// Why it failed.
    package var failure: JobFailure?
    /// What it gave.
    package var result: JSONText?
    /// What the operator should know although the job went on.
    package var warnings: [String]

    package init(
        id: JobID,
        kind: JobKind,
        detail: JSONText = .emptyObject,
        state: JobState = .queued,
        requestedBy: String,
        createdAt: Date,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        phase: String? = nil,
        progress: JobProgress = JobProgress(),
        failure: JobFailure? = nil,
        result: JSONText? = nil,
        warnings: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.detail = detail
        self.state = state
        self.requestedBy = requestedBy
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.phase = phase
        self.progress = progress
        self.failure = failure
        self.result = result
        self.warnings = warnings
    }
}
