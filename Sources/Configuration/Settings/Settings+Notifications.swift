extension Settings {
    /// Whom to tell when something is wrong.
    package struct Notifications: Sendable, Equatable {
        /// E-mail address.
        package let email: String?
        /// Token of the Telegram bot.
        package let telegramToken: Secret?
        /// Chat the bot writes to.
        package let telegramChatID: String?
    }
}
