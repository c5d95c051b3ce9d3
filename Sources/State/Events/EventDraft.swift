/// What is to be recorded of something that happened.
package struct EventDraft: Sendable, Hashable {
    /// What happened.
    package var kind: EventKind
    /// How much it matters.
    package var severity: EventSeverity
    /// What it is about: a backup's id, a job; `nil` for the daemon itself.
    package var subject: String?
    /// What happened, in words; no secrets.
    package var message: String
    /// More, for programs.
    package var details: JSONText?

    package init(
        _ kind: EventKind,
        _ severity: EventSeverity,
        subject: String? = nil,
        _ message: String,
        details: JSONText? = nil
    ) {
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.message = message
        self.details = details
    }
}
