/// A way to one recipient. A channel tries once and says what came of it; the queue before it tries again.
package protocol AlertChannel: Sendable {
    /// The kind of way: `email`, `telegram`, `webhook`.
    var kind: String { get }
    /// To whom, as an operator may see it: an address, a chat's number, a URL without its secrets.
    var recipient: String { get }

    /// Delivers a message, or says why not. Returns within ``AlertChannelLimits/seconds``, also when the peer hangs, and soon
    /// after the task is cancelled.
    func deliver(_ message: AlertMessage) async -> DeliveryOutcome
}

/// What holds for every channel.
package enum AlertChannelLimits {
    /// How long one attempt may take, in seconds.
    package static let seconds = 30.0
}
