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

    /// How long a recipient who got many messages is spared further ones.
    package struct Pause: Sendable, Hashable {
        /// Until the next message can come, in seconds.
        package var seconds: Double
        /// Whether what is critical and new comes all the same.
        package var isUrgentExempt: Bool
    }

    /// What the message is: a problem, an escalation or a resolution.
    package var kind: AlertMessage.Kind
    package var occasion: Occasion
    /// The problems it speaks of, the worst first.
    package var problems: [Alert]
    /// What is over, oldest first.
    package var resolved: [Alert]
    /// That nothing more comes for a while.
    package var pause: Pause?
    /// Who gets it.
    package var recipients: [AlertRecipient]

    /// The alerts it is about.
    package var alerts: [Int64] { (problems + resolved).map(\.id) }
}
