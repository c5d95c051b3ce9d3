/// How alerts stand at a moment.
package struct AlertOverview: Sendable {
    /// A recipient, and how messages get there.
    package struct Recipient: Sendable {
        package var recipient: AlertRecipient
        /// Whether they come second.
        package var isSecondary: Bool
        /// How deliveries went; `nil` before the first.
        package var record: RecipientRecord?
        /// How many messages wait.
        package var waiting: Int
    }

    /// The moment.
    package var moment: AlertMoment
    /// What is open, the worst first.
    package var open: [(alert: Alert, state: AlertState)]
    package var silences: [Silence]
    /// Those who are told at first, then those who come second.
    package var recipients: [Recipient]
    /// How pings to the service outside go; `nil` where there is none.
    package var pings: RecipientRecord?
    /// Deliveries since the process began, by channel and what came of them.
    package var deliveries: [String: DeliveryCounts]
}
