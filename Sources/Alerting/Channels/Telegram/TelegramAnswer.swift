import FoundationEssentials
import Transfer

/// What the Bot API answers to a call, as far as it matters here.
struct TelegramAnswer: Decodable, Equatable {
    struct Parameters: Decodable, Equatable {
        /// Seconds after which it may be tried again.
        var retryAfter: Double?
        /// What the number of a group became.
        var newChat: Int64?

        private enum CodingKeys: String, CodingKey {
            case retryAfter = "retry_after"
            case newChat = "migrate_to_chat_id"
        }
    }

    var ok: Bool
    var description: String?
    var parameters: Parameters?

    /// What an answer means for a delivery.
    static func outcome(
        of answer: HTTPAnswer,
        chat: String,
        peer: String,
        redaction: Redaction
    ) -> DeliveryOutcome {
        guard let said = try? JSONDecoder().decode(Self.self, from: Data(answer.body)) else {
            if (200...299).contains(answer.status) {
                let message = "\"\(peer)\" answered something else than Telegram's Bot API does"
                return .refused(DeliveryFailure(message, hint: "Check \(AddressSetting.telegram.rawValue)."))
            }
            return HTTPOutcome.of(answer, peer: peer, .telegram)
        }
        if said.ok, (200...299).contains(answer.status) { return .delivered }
        // What a secret is in must be whole for it to be found.
        let words = PlainText.line(redaction.applied(to: said.description ?? "status \(answer.status)"), limit: 300)
        let failure = DeliveryFailure(
            "chat \"\(chat)\" did not get the message: \(words)",
            hint: hint(answer.status, said, chat: chat)
        )
        if answer.status == 429 || answer.status >= 500 || answer.status == 408 {
            let seconds = said.parameters?.retryAfter ?? answer.retryAfterSeconds
            return .failed(failure, retryAfterSeconds: HTTPOutcome.retry(seconds))
        }
        return .refused(failure)
    }

    private static func hint(_ status: Int, _ said: TelegramAnswer, chat: String) -> String? {
        let words = said.description?.lowercased() ?? ""
        if let number = said.parameters?.newChat {
            return "The group has become a supergroup: write \(number) instead of \(chat) where the chats are set."
        }
        switch status {
        case 401, 404:
            return "NOTIFICATION_TELEGRAM_TOKEN is not the token of a bot that exists: ask @BotFather for it."
        case 403 where words.contains("blocked"):
            return "Open the bot's chat in Telegram and unblock it."
        case 403 where words.contains("initiate"):
            return "Open the bot's chat in Telegram and press Start: a bot can't speak first."
        case 403:
            return "Add the bot to the chat again, and let it write there."
        case 400 where words.contains("chat not found"):
            return
                "Check NOTIFICATION_TELEGRAM_CHAT_ID: the bot must be in the group, or be started by the person; the numbers "
                + "of groups begin with \"-\"."
        default:
            return nil
        }
    }
}
