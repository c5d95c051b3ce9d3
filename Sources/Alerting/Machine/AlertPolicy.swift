/// Who is told, and how often.
package struct AlertPolicy: Sendable, Hashable {
    /// Who is told at first.
    package var primary: [AlertRecipient]
    /// Who is told besides when nobody acknowledged in time.
    package var secondary: [AlertRecipient]
    /// How long until a problem that nobody acknowledged is told again, in seconds.
    package var repeatSeconds: Double
    /// How long until a critical problem that nobody acknowledged goes to ``secondary``, in seconds.
    package var escalationSeconds: Double
    /// How long a problem that may come and go must last before it is told, and be gone until it is over, in seconds.
    package var pendingSeconds: Double
    /// Messages that one recipient gets within an hour at most, at least 2; the last of them says that it is the last.
    package var messagesPerHour: Int
    /// How many of them all but what is critical and new may take: two of twelve are kept for that.
    var ordinaryMessagesPerHour: Int { messagesPerHour - messagesPerHour / 6 }

    package init(
        primary: [AlertRecipient] = [],
        secondary: [AlertRecipient] = [],
        repeatSeconds: Double = 1800,
        escalationSeconds: Double = 1800,
        pendingSeconds: Double = 120,
        messagesPerHour: Int = 12
    ) {
        self.primary = primary
        self.secondary = secondary
        self.repeatSeconds = repeatSeconds
        self.escalationSeconds = escalationSeconds
        self.pendingSeconds = pendingSeconds
        self.messagesPerHour = max(2, messagesPerHour)
    }
}
