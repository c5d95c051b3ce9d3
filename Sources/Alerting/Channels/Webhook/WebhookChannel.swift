package import FoundationEssentials
package import Transfer

/// Posts messages as JSON to a program of the operator's, signed by the rules of Standard Webhooks.
package struct WebhookChannel: AlertChannel {
    package let kind = "webhook"
    /// Scheme, host and port.
    package let recipient: String
    private let url: String
    private let secret: String?
    private let transfer: Transfer
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - url: Where to; it may hold secrets.
    ///   - peer: What everybody may see of it.
    ///   - secret: What to sign with; `nil` leaves the signature out.
    ///   - transfer: How to get there.
    ///   - now: The time of day, which is signed with the rest.
    package init(
        url: String,
        peer: String,
        secret: String?,
        transfer: Transfer,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        recipient = peer
        self.url = url
        self.secret = secret
        self.transfer = transfer
        self.now = now
    }

    package func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
        let body = WebhookBody(message).json
        let seconds = Int(now().timeIntervalSince1970)
        let id = PlainText.line(message.id)
        var headers = [
            ("Content-Type", "application/json"),
            ("webhook-id", id),
            ("webhook-timestamp", "\(seconds)"),
        ]
        if let secret {
            let signature = WebhookSignature.header(id: id, timestamp: seconds, body: body, secret: secret)
            headers.append(("webhook-signature", signature))
        }
        do throws(TransferError) {
            let request = HTTPRequest(post: body, to: url, peer: recipient, headers: headers)
            let answer = try await transfer.send(request)
            return HTTPOutcome.of(
                answer,
                peer: recipient,
                .webhook,
                hints: [401: Self.signatureHint, 403: Self.signatureHint]
            )
        } catch {
            return DeliveryOutcome(error, .webhook)
        }
    }

    private static let signatureHint =
        "Check that NOTIFICATION_WEBHOOK_SECRET is the secret that the server checks signatures with."
}
