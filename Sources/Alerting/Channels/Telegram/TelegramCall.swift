/// The parameters of `sendMessage`.
struct TelegramCall: Encodable {
    private enum Key: String, CodingKey {
        case chat = "chat_id"
        case text
        case entities
        case isSilent = "disable_notification"
        case preview = "link_preview_options"
    }

    private struct Preview: Encodable {
        let isDisabled = true

        private enum CodingKeys: String, CodingKey {
            case isDisabled = "is_disabled"
        }
    }

    let chat: String
    let part: TelegramPart
    /// Whether the phone stays quiet.
    let isSilent: Bool

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if let number = Int64(chat) {
            try container.encode(number, forKey: .chat)
        } else {
            try container.encode(chat, forKey: .chat)
        }
        try container.encode(part.text, forKey: .text)
        try container.encode(part.entities, forKey: .entities)
        if isSilent { try container.encode(true, forKey: .isSilent) }
        try container.encode(Preview(), forKey: .preview)
    }
}
