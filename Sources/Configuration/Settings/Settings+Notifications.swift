extension Settings {
    /// Whom to tell when something is wrong, how, and how often.
    package struct Notifications: Sendable, Equatable {
        /// Who is told of something.
        package struct Recipients: Sendable, Equatable {
            /// E-mail addresses, each once.
            package let emails: [EmailAddress]
            /// Telegram chats, each once: a number, or a public name that starts with `@`.
            package let telegramChats: [String]
        }

        /// A program that is told over HTTP.
        package struct Webhook: Sendable, Equatable {
            /// Where messages are posted to.
            package let address: WebAddress
            /// What they are signed with; `nil` leaves them unsigned.
            package let secret: Secret?
        }

        /// What this recyclicd calls itself in every text: one line, at most 64 characters; by default the host's name.
        package let instanceName: String
        /// Whom to call, for critical messages: up to 1000 characters, maybe of several lines.
        package let emergencyContacts: String?
        /// The language of messages.
        package let language: NotificationLanguage
        /// Who is told at first.
        package let primary: Recipients
        /// Who is told when nobody acknowledged in time.
        package let escalation: Recipients
        /// The mail server; this machine's own by default.
        package let mailServer: MailServerURL
        /// The password of the mail server's login: `NOTIFICATION_SMTP_PASSWORD`, else the one in the URL.
        package let mailPassword: Secret?
        /// Whom mail comes from; by default the mail server's user where that is an address, else `recyclicd@HOST`.
        package let sender: EmailSender
        /// Token of the Telegram bot: digits, a colon, and letters that need no escape in a URL.
        package let telegramToken: Secret?
        /// Where the Bot API is: has no query.
        package let telegramAPI: WebAddress
        /// The program that is told.
        package let webhook: Webhook?
        /// Whom to tell that all is well, so that silence is noticed.
        package let ping: WebAddress?
        /// File of further certificate authorities, in PEM, beside the system's.
        package let authoritiesFile: String?
        /// How long until a problem that nobody acknowledged is told again, in minutes, 5 to 10080.
        package let repeatMinutes: Int
        /// How long until a problem that nobody acknowledged goes to ``escalation``, in minutes, 0 to 10080; 0 is at once.
        package let escalationMinutes: Int
        /// When the digest is sent.
        package let digestSchedule: BackupSchedule
    }
}
