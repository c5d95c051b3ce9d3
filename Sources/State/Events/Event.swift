package import FoundationEssentials

/// Something that happened, kept for the operator to read later.
package struct Event: Sendable, Hashable, Identifiable {
    /// Its number; rises by time of recording.
    package var id: Int64
    /// When it happened.
    package var time: Date
    /// The stable word for what happened, camelCase: `backupStored`, `stateSetAside`, …
    package var kind: String
    /// How much it matters.
    package var severity: EventSeverity
    /// What it is about: a backup's id, a job, an object's name; `nil` for the daemon itself.
    package var subject: String?
    /// What happened, in words.
    package var message: String
    /// More, for programs.
    package var details: JSONText?

    package init(
        id: Int64,
        time: Date,
        kind: String,
        severity: EventSeverity,
        subject: String? = nil,
        message: String,
        details: JSONText? = nil
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.message = message
        self.details = details
    }
}
