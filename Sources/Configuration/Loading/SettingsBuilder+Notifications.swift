import FoundationEssentials

extension SettingsBuilder {
    /// Whom to tell, how, and how often.
    mutating func buildNotifications() -> Settings.Notifications {
        let server = mailServer()
        let token = telegramToken()
        let primary = Settings.Notifications.Recipients(
            emails: emails(.notificationEmail),
            telegramChats: chats(.notificationTelegramChatID)
        )
        let escalation = Settings.Notifications.Recipients(
            emails: emails(.notificationEscalationEmail),
            telegramChats: chats(.notificationEscalationTelegramChatID)
        )
        checkTelegram(hasToken: token != nil, primary: primary, escalation: escalation)
        return Settings.Notifications(
            instanceName: instanceName(),
            emergencyContacts: emergencyContacts(),
            language: choice(.notificationLanguage, NotificationLanguage.self) ?? .english,
            primary: primary,
            escalation: escalation,
            mailServer: server,
            mailPassword: mailPassword(server),
            sender: sender(server),
            telegramToken: token,
            telegramAPI: telegramAPI(),
            webhook: webhook(),
            ping: webAddress(.notificationPingURL),
            authoritiesFile: path(.notificationCAFile),
            repeatMinutes: number(.alertRepeatMinutes),
            escalationMinutes: number(.alertEscalationMinutes),
            digestSchedule: schedule(.digestSchedule) ?? .off
        )
    }

    // MARK: - Texts

    private mutating func instanceName() -> String {
        guard let name = candidate(.instanceName)?.value.trimmingWhitespace() else {
            note(.instanceName, machine.hostName)
            return machine.hostName
        }
        guard name.count <= 64, PrintableText.of(name) == name else {
            refuse(.instanceName)
            return ""
        }
        note(.instanceName, name)
        return name
    }

    private mutating func emergencyContacts() -> String? {
        guard let text = text(.emergencyContacts) else { return nil }
        let lines = text.split(separator: "\n").map(String.init)
        guard text.count <= 1000, lines.allSatisfy({ PrintableText.of($0) == $0 }) else {
            refuse(.emergencyContacts)
            return nil
        }
        return text
    }

    // MARK: - Lists

    /// The parts between commas, semicolons and white space, each once, in their order.
    private func list(_ name: SettingName) -> [String] {
        var seen: Set<String> = []
        return (candidate(name)?.value ?? "").split { $0 == "," || $0 == ";" || $0.isWhitespace }.map(String.init)
            .filter { seen.insert($0).inserted }
    }

    private mutating func emails(_ name: SettingName) -> [EmailAddress] {
        let parts = list(name)
        let addresses = parts.compactMap(EmailAddress.init)
        note(name, addresses.map(\.description).joined(separator: ", "))
        if let wrong = parts.first(where: { EmailAddress($0) == nil }) {
            refuse(name, part: wrong)
        } else if !hasRoom(parts, name) {
            refuse(name)
        }
        return addresses
    }

    private mutating func chats(_ name: SettingName) -> [String] {
        let parts = list(name)
        note(name, parts.joined(separator: ", "))
        if let wrong = parts.first(where: { !TelegramText.isChat($0) }) {
            refuse(name, part: wrong)
        } else if !hasRoom(parts, name) {
            refuse(name)
        }
        return parts
    }

    /// Whether a list that is set has at least one entry and no more than there is room for.
    private func hasRoom(_ parts: [String], _ name: SettingName) -> Bool {
        !isChosen(name) || (1...SettingDefinition.maximumRecipients).contains(parts.count)
    }

    // MARK: - Mail

    private mutating func mailServer() -> MailServerURL {
        let fallback = MailServerURL("smtp://localhost:25")
        guard let fallback else { preconditionFailure("the default mail server is a valid URL") }
        guard let value = candidate(.notificationSMTPURL)?.value.trimmingWhitespace() else {
            note(.notificationSMTPURL, redacted: fallback.shown)
            return fallback
        }
        guard let server = MailServerURL(value) else {
            refuse(.notificationSMTPURL)
            return fallback
        }
        note(.notificationSMTPURL, redacted: server.shown)
        if server.user != nil, server.security == .none, !HostText.isLoopback(server.host) {
            find(
                .warning,
                .notificationSMTPURL,
                "\"NOTIFICATION_SMTP_URL\" sends the password unencrypted over the network, as \"smtp+plain\" says",
                hint: "Write smtp:// for STARTTLS or smtps:// for TLS from the start, if the server knows either."
            )
        }
        return server
    }

    private mutating func mailPassword(_ server: MailServerURL) -> Secret? {
        let own = secret(.notificationSMTPPassword)
        if own == nil, server.password != nil {
            let url = candidate(.notificationSMTPURL)?.origin ?? .defaultValue(reason: nil)
            note(.notificationSMTPPassword, Secret.placeholder, origin: .part(of: .notificationSMTPURL, url))
        }
        if let own, let other = server.password, own != other {
            find(
                .warning,
                .notificationSMTPPassword,
                "\"NOTIFICATION_SMTP_PASSWORD\" and \"NOTIFICATION_SMTP_URL\" have different passwords, "
                    + "NOTIFICATION_SMTP_PASSWORD counts",
                hint: "Make them the same, or remove one."
            )
        }
        if own != nil, server.user == nil {
            find(
                .warning,
                .notificationSMTPPassword,
                "\"NOTIFICATION_SMTP_PASSWORD\" is not used because \"NOTIFICATION_SMTP_URL\" names no user",
                hint: "Write NOTIFICATION_SMTP_URL=smtp://USER@HOST:587."
            )
        }
        if server.user != nil, own == nil, server.password == nil {
            find(
                .error,
                .notificationSMTPURL,
                "\"NOTIFICATION_SMTP_URL\" names a user but there is no password",
                hint: "Set NOTIFICATION_SMTP_PASSWORD, or write smtp://USER:PASSWORD@HOST:587."
            )
        }
        return own ?? server.password
    }

    private mutating func sender(_ server: MailServerURL) -> EmailSender {
        if let value = candidate(.notificationEmailFrom)?.value.trimmingWhitespace() {
            if let sender = EmailSender(value) {
                note(.notificationEmailFrom, sender.description)
                return sender
            }
            refuse(.notificationEmailFrom)
        }
        let user = server.user.flatMap(EmailAddress.init)
        let host = EmailAddress("recyclicd@\(machine.hostName)") ?? EmailAddress("recyclicd@localhost")
        guard let address = user ?? host else { preconditionFailure("recyclicd@localhost is a valid address") }
        if !isChosen(.notificationEmailFrom) {
            let reason = user == nil ? "the host's name" : "the user in NOTIFICATION_SMTP_URL"
            note(.notificationEmailFrom, address.description, origin: .defaultValue(reason: reason))
        }
        return EmailSender(address: address)
    }

    // MARK: - Telegram

    private mutating func telegramToken() -> Secret? {
        guard let value = candidate(.notificationTelegramToken)?.value.trimmingWhitespace() else {
            return secret(.notificationTelegramToken)
        }
        guard TelegramText.isToken(value) else {
            refuse(.notificationTelegramToken)
            return nil
        }
        note(.notificationTelegramToken, value)
        return Secret(value)
    }

    private mutating func telegramAPI() -> WebAddress {
        guard let fallback = WebAddress("https://api.telegram.org") else {
            preconditionFailure("the address of the Bot API is a valid URL")
        }
        guard isChosen(.notificationTelegramAPI) else {
            note(.notificationTelegramAPI, redacted: fallback.shown)
            return fallback
        }
        guard let address = webAddress(.notificationTelegramAPI) else { return fallback }
        if address.hasQuery { refuse(.notificationTelegramAPI) }
        return address
    }

    private mutating func checkTelegram(
        hasToken: Bool,
        primary: Settings.Notifications.Recipients,
        escalation: Settings.Notifications.Recipients
    ) {
        if hasToken, primary.telegramChats.isEmpty, escalation.telegramChats.isEmpty {
            find(
                .warning,
                .notificationTelegramToken,
                "\"NOTIFICATION_TELEGRAM_TOKEN\" is set but no chat is, so nothing is sent over Telegram",
                hint: "Set NOTIFICATION_TELEGRAM_CHAT_ID; docs/alerts.md says how to find the number."
            )
        }
        guard !isChosen(.notificationTelegramToken) else { return }
        for name in [SettingName.notificationTelegramChatID, .notificationEscalationTelegramChatID] where isChosen(name)
        {
            find(
                .warning,
                name,
                "\"\(name.rawValue)\" is set but \"NOTIFICATION_TELEGRAM_TOKEN\" is not, so nothing is sent over Telegram",
                hint: "Set NOTIFICATION_TELEGRAM_TOKEN to the token that @BotFather gave."
            )
        }
    }

    // MARK: - Web

    private mutating func webhook() -> Settings.Notifications.Webhook? {
        let address = webAddress(.notificationWebhookURL)
        let secret = secret(.notificationWebhookSecret)
        if secret != nil, !isChosen(.notificationWebhookURL) {
            find(
                .warning,
                .notificationWebhookSecret,
                "\"NOTIFICATION_WEBHOOK_SECRET\" is not used because \"NOTIFICATION_WEBHOOK_URL\" is not set",
                hint: "Set NOTIFICATION_WEBHOOK_URL, or remove it."
            )
        }
        // Taken as any other text, it would make signatures that fit nobody's.
        if let text = secret?.revealed, text.hasPrefix("whsec_"), Data(base64Encoded: String(text.dropFirst(6))) == nil
        {
            find(
                .error,
                .notificationWebhookSecret,
                "\"NOTIFICATION_WEBHOOK_SECRET\" begins with \"whsec_\", and what follows is no base64",
                hint: "Copy the secret as a whole, with the = at its end, or take any other text of your own."
            )
        }
        return address.map { Settings.Notifications.Webhook(address: $0, secret: secret) }
    }

    private mutating func webAddress(_ name: SettingName) -> WebAddress? {
        guard let value = candidate(name)?.value.trimmingWhitespace() else {
            note(name, "")
            return nil
        }
        guard let address = WebAddress(value) else {
            refuse(name)
            return nil
        }
        note(name, redacted: address.shown)
        if address.isReadableOnTheWay {
            find(
                .warning,
                name,
                "\"\(name.rawValue)\" begins with \"http://\", so what is sent there can be read on the way",
                hint: "Write https:// if the server knows it."
            )
        }
        return address
    }
}
