package import FoundationEssentials
package import Monitoring

/// A message to somebody, complete in the reader's language. A channel puts it into its own form and changes no word.
package struct AlertMessage: Sendable, Hashable, Codable {
    /// Why it is sent.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Something is wrong, for the first time or still.
        case problem
        /// The same, to those who come second, since nobody acknowledged it.
        case escalation
        /// What was wrong is no more.
        case resolved
        /// The weekly digest.
        case digest
        /// Somebody tries whether messages arrive.
        case test
    }

    /// One problem that the message speaks of, for programs.
    package struct Problem: Sendable, Hashable, Codable {
        /// The stable word: a ``HealthReasonCode``'s raw value.
        package var code: String
        /// How bad it is.
        package var level: HealthLevel
        /// What is wrong and what it means.
        package var message: String
        /// Since when.
        package var since: Date?
        /// What to run next.
        package var hint: String?

        package init(code: String, level: HealthLevel, message: String, since: Date? = nil, hint: String? = nil) {
            self.code = code
            self.level = level
            self.message = message
            self.since = since
            self.hint = hint
        }
    }

    /// Tells this message from all others, also after a restart: what is sent again because its delivery was not certain has
    /// the same id. Letters, digits, `-` and `.` only.
    package var id: String
    /// Why it is sent.
    package var kind: Kind
    /// How bad what it speaks of is; `ok` for good news and digests.
    package var level: HealthLevel
    /// Which recyclicd speaks: `INSTANCE_NAME`.
    package var instance: String
    /// One line.
    package var subject: String
    /// The text: paragraphs parted by blank lines, the instance's name in the first. A line that begins with four spaces is a
    /// command to run, which channels show as one, ready to be copied.
    package var body: String
    /// The problems, for programs.
    package var problems: [Problem]
    /// When it was written.
    package var createdAt: Date

    package init(
        id: String,
        kind: Kind,
        level: HealthLevel,
        instance: String,
        subject: String,
        body: String,
        problems: [Problem] = [],
        createdAt: Date
    ) {
        self.id = id
        self.kind = kind
        self.level = level
        self.instance = instance
        self.subject = subject
        self.body = body
        self.problems = problems
        self.createdAt = createdAt
    }
}
