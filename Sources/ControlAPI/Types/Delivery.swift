/// A message to one recipient; the fields are those of `Delivery` in the interface description.
package struct Delivery: Codable, Sendable, Hashable {
    package var message: String
    package var kind: String
    package var subject: String
    package var channel: String
    package var recipient: String
    package var state: String
    package var attempts: Int64
    package var createdAt: String
    package var finishedAt: String?
    package var error: Failure?

    package init(
        message: String,
        kind: String,
        subject: String,
        channel: String,
        recipient: String,
        state: String,
        attempts: Int64,
        createdAt: String,
        finishedAt: String? = nil,
        error: Failure? = nil
    ) {
        self.message = message
        self.kind = kind
        self.subject = subject
        self.channel = channel
        self.recipient = recipient
        self.state = state
        self.attempts = attempts
        self.createdAt = createdAt
        self.finishedAt = finishedAt
        self.error = error
    }
}
