/// What a mail server said in the end.
package struct MailReply: Sendable, Hashable {
    /// What it was asked for.
    package enum Step: Sendable, Hashable {
        /// To let us log in.
        case login
        /// To take a message from this sender.
        case sender
        /// To take a message for this recipient.
        case recipient
        /// To take the message, or anything else.
        case message
    }

    /// 200 to 599: below 400 it took the message over, from 500 on it won't take it later either.
    package var code: Int
    /// What it was asked for.
    package var step: Step
    /// Its words, on one line, at most 300 characters; what it quotes of a login is taken out.
    package var text: String

    package init(code: Int, step: Step, text: String) {
        self.code = code
        self.step = step
        self.text = text
    }

    /// Whether it took the message over.
    package var isTaken: Bool { code < 400 }
}
