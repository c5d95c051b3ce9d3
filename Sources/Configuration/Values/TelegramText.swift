/// How Telegram writes its bots' tokens and its chats.
enum TelegramText {
    static let tokenGrammar = #"a token as @BotFather gives it, such as "123456:ABC-DEF""#
    static let chatGrammar =
        #"chat numbers such as "-1001234567890", or public names such as "@my_channel", with commas between"#

    /// Whether it is the bot's number, a colon and letters: it becomes part of a URL's path.
    static func isToken(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && WholeNumber.parse(parts[0]) != nil && !parts[1].isEmpty && text.utf8.count <= 200
            && parts[1].utf8.allSatisfy { $0.isDigit || $0.isLetter || $0 == .underscore || $0 == UInt8(ascii: "-") }
    }

    /// Whether it is a chat's number or a channel's public name.
    static func isChat(_ text: String) -> Bool {
        if text.hasPrefix("@") {
            let name = text.dropFirst().utf8
            return (4...32).contains(name.count) && name.allSatisfy { $0.isDigit || $0.isLetter || $0 == .underscore }
        }
        return text.utf8.count <= 20 && WholeNumber.parse(text.hasPrefix("-") ? text.dropFirst() : text[...]) != nil
    }
}
