/// What came of one attempt to deliver a message.
package enum DeliveryOutcome: Sendable, Hashable {
    /// The peer took it over.
    case delivered
    /// It may work later: the peer can't be reached, is busy, or said so.
    ///
    /// - retryAfterSeconds: The peer asks to be left alone for so long.
    case failed(DeliveryFailure, retryAfterSeconds: Double? = nil)
    /// It won't work until somebody changes something: the peer refuses the recipient, the password, the certificate.
    case refused(DeliveryFailure)
}

/// Why a message was not delivered, without secrets.
package struct DeliveryFailure: Sendable, Hashable, Codable {
    /// What happened: lower case, no full stop.
    package var message: String
    /// What the operator can do, as a sentence.
    package var hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
