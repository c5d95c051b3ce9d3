/// Somebody who is told; the fields are those of `AlertRecipient` in the interface description.
package struct AlertRecipient: Codable, Sendable, Hashable {
    package var channel: String
    package var recipient: String
    package var list: String
    package var deliveredAt: String?
    package var failingSince: String?
    package var waiting: Int64
    package var error: Failure?

    package init(
        channel: String,
        recipient: String,
        list: String,
        deliveredAt: String? = nil,
        failingSince: String? = nil,
        waiting: Int64,
        error: Failure? = nil
    ) {
        self.channel = channel
        self.recipient = recipient
        self.list = list
        self.deliveredAt = deliveredAt
        self.failingSince = failingSince
        self.waiting = waiting
        self.error = error
    }
}
