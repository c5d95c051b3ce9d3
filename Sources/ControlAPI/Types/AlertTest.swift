/// What came of trying a channel; the fields are those of `AlertTest` in the interface description.
package struct AlertTest: Codable, Sendable, Hashable {
    package var channel: String
    package var recipient: String
    package var list: String
    package var outcome: String
    package var error: Failure?

    package init(
        channel: String,
        recipient: String,
        list: String,
        outcome: String,
        error: Failure? = nil
    ) {
        self.channel = channel
        self.recipient = recipient
        self.list = list
        self.outcome = outcome
        self.error = error
    }
}
