/// Whom a channel tells. Remembered by name, so that a message waiting for somebody survives a restart.
package struct AlertRecipient: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The kind of way: `email`, `telegram`, `webhook`.
    package var channel: String
    /// To whom, as an operator may see it.
    package var address: String

    package init(channel: String, address: String) {
        self.channel = channel
        self.address = address
    }

    /// The recipient of a channel.
    package init(_ channel: any AlertChannel) {
        self.init(channel: channel.kind, address: channel.recipient)
    }

    package var description: String { "\(channel) \(address)" }

    package static func < (left: AlertRecipient, right: AlertRecipient) -> Bool {
        (left.channel, left.address) < (right.channel, right.address)
    }
}
