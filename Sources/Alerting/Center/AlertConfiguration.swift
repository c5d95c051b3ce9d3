/// How alerts are to be handled: the ways to people, the rules and the words.
package struct AlertConfiguration: Sendable {
    /// Ways to those who are told at first.
    package var primary: [any AlertChannel]
    /// Ways to those who come second.
    package var secondary: [any AlertChannel]
    package var writer: AlertWriter
    /// The rules; the recipients in it are those of the channels.
    package let policy: AlertPolicy

    /// - Parameters:
    ///   - primary: Ways to those who are told at first.
    ///   - secondary: Ways to those who come second.
    ///   - writer: What puts messages into words.
    ///   - policy: The rules; its recipients are taken from the channels.
    package init(
        primary: [any AlertChannel],
        secondary: [any AlertChannel],
        writer: AlertWriter,
        policy: AlertPolicy
    ) {
        self.primary = primary
        self.secondary = secondary
        self.writer = writer
        var rules = policy
        rules.primary = Set(primary.map(AlertRecipient.init)).sorted()
        rules.secondary = Set(secondary.map(AlertRecipient.init)).sorted()
        self.policy = rules
    }

    /// The way to each recipient.
    var channels: [AlertRecipient: any AlertChannel] {
        Dictionary((primary + secondary).map { (AlertRecipient($0), $0) }) { first, _ in first }
    }
}
