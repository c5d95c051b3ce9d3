/// Something to tell some recipients, before there are words for it.
package struct AlertNotice: Sendable, Hashable {
    /// Why a problem is told.
    package enum Occasion: Sendable, Hashable {
        /// It is new, or got worse.
        case news
        /// Nobody acknowledged it.
        case reminder
        /// Things were kept back; this is how they stand.
        case summary
    }

    /// What the message is: a problem, an escalation or a resolution.
    package var kind: AlertMessage.Kind
    package var occasion: Occasion
    /// The problems it speaks of, the worst first.
    package var problems: [Alert]
    /// What is over, oldest first.
    package var resolved: [Alert]
    /// The recipient gets nothing more for so many seconds.
    package var isLastForSeconds: Double?
    /// Who gets it.
    package var recipients: [AlertRecipient]

    /// The alerts it is about.
    package var alerts: [Int64] { (problems + resolved).map(\.id) }
}
