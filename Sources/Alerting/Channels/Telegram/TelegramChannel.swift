import FoundationEssentials
package import Transfer

/// Sends messages into a Telegram chat through the Bot API's `sendMessage`.
package struct TelegramChannel: AlertChannel {
    package let kind = "telegram"
    /// The chat's number, or its public name.
    package let recipient: String
    private let token: String
    private let api: String
    private let peer: String
    private let transfer: Transfer
    private let progress = TelegramProgress()

    /// - Parameters:
    ///   - chat: A number, or a public name that starts with `@`.
    ///   - token: The bot's token; nothing in it needs an escape in a URL.
    ///   - api: Where the Bot API is: a URL without a query; a slash at its end does not matter.
    ///   - peer: What errors call the API.
    ///   - transfer: How to get there; its time is for all parts of a long message together.
    package init(chat: String, token: String, api: String, peer: String, transfer: Transfer) {
        recipient = chat
        self.token = token
        self.api = api.hasSuffix("/") ? String(api.dropLast()) : api
        self.peer = peer
        self.transfer = transfer
    }

    package func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
        let parts = TelegramPart.parts(of: message)
        let deadline = ContinuousClock.now.advanced(by: .seconds(transfer.limits.totalSeconds))
        var sent = min(progress.partsSent(of: message.id), parts.count - 1)
        while sent < parts.count {
            var transfer = transfer
            transfer.limits.totalSeconds = ContinuousClock.now.duration(to: deadline) / .seconds(1)
            guard transfer.limits.totalSeconds > 0 else {
                return .failed(DeliveryFailure("the \(parts.count) parts of the message took too long"))
            }
            let outcome = await post(parts[sent], isSilent: message.kind == .digest, transfer)
            guard outcome == .delivered else { return outcome }
            sent += 1
            progress.note(sent, of: parts.count, message.id)
        }
        return .delivered
    }

    private func post(_ part: TelegramPart, isSilent: Bool, _ transfer: Transfer) async -> DeliveryOutcome {
        let encoder = JSONEncoder()
        let call = TelegramCall(chat: recipient, part: part, isSilent: isSilent)
        guard let body = try? encoder.encode(call) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        let request = HTTPRequest(
            post: Array(body),
            to: "\(api)/bot\(token)/sendMessage",
            peer: peer,
            headers: [("Content-Type", "application/json")]
        )
        do throws(TransferError) {
            let answer = try await transfer.send(request)
            return TelegramAnswer.outcome(of: answer, chat: recipient, peer: peer, redaction: Redaction([token]))
        } catch {
            return DeliveryOutcome(error, .telegram)
        }
    }
}
