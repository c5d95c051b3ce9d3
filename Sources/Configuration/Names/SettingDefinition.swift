/// What a setting means, what it accepts and what holds when it is not set.
package struct SettingDefinition: Sendable, Hashable {
    /// Which values are accepted.
    package enum Kind: Sendable, Hashable {
        /// Anything.
        case text
        /// A path that starts with `/`.
        case path
        /// `RUNTIME_DIRECTORY` and the like: paths separated by colons, of which the first counts.
        case pathList
        /// Digits, within the range.
        case integer(ClosedRange<Int>)
        /// `true` or `false` and their synonyms.
        case boolean
        /// What `boolean` takes, or `auto`.
        case booleanOrAuto
        /// One of these words, in any case.
        case choice([String])
        /// `true`, `false`, `zstd`, `gzip` or `none`.
        case compression
        /// An hour or `HH:MM`.
        case timeOfDay
        /// What `BackupSchedule` reads.
        case schedule
        /// What `DatabaseNames` reads.
        case databases
        /// What `VerifySchedule` reads.
        case verifySchedule
        /// An IANA time zone.
        case timeZone
        /// `postgresql://user:password@host:port/database`.
        case databaseURL
        /// What `HTTPListen` reads.
        case httpListen
        /// One line of at most 64 characters.
        case name
        /// Up to 1000 characters, maybe of several lines.
        case contacts
        /// What `EmailAddress` reads, several with commas between.
        case emails
        /// What `EmailSender` reads.
        case emailSender
        /// What `MailServerURL` reads.
        case mailServer
        /// A Telegram bot's token.
        case telegramToken
        /// Telegram's chats, with commas between.
        case telegramChats
        /// What `WebAddress` reads.
        case webAddress
    }

    /// The chapters of the documentation.
    package enum Family: String, Sendable, Hashable, CaseIterable {
        case connection = "Connection to PostgreSQL"
        case backup = "Backups"
        case retention = "Retention"
        case proof = "Verification and drills"
        case alerts = "Alert thresholds"
        case notifications = "Notifications"
        case reception = "Live reception statistics"
        case daemon = "The daemon itself"
    }

    package let family: Family
    package let kind: Kind
    /// The default as an operator would write it; `nil` when there is none or it is not a fixed value.
    package let defaultValue: String?
    /// What the default follows when it is not a fixed value.
    package let defaultReason: String?
    /// Unit of the value, in words.
    package let unit: String?
    /// Whether the value is never shown and may come from systemd credentials.
    package let isSecret: Bool
    /// What it is for, in one line.
    package let summary: String
    /// A sentence about what does not exist yet; `nil` when the setting is fully in force.
    package let notYet: String?

    init(
        _ family: Family,
        _ kind: Kind,
        default defaultValue: String? = nil,
        follows defaultReason: String? = nil,
        unit: String? = nil,
        secret isSecret: Bool = false,
        _ summary: String,
        notYet: String? = nil
    ) {
        self.family = family
        self.kind = kind
        self.defaultValue = defaultValue
        self.defaultReason = defaultReason
        self.unit = unit
        self.isSecret = isSecret
        self.summary = summary
        self.notYet = notYet
    }

    /// What is accepted, in words for messages and documents.
    package var accepted: String {
        switch kind {
        case .text: "any text"
        case .path: #"a path that starts with "/""#
        case .pathList: #"a path that starts with "/" (of several separated by ":" the first counts)"#
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: #""true" or "false""#
        case .booleanOrAuto: Self.list(["auto", "true", "false"])
        case .choice(let words): Self.list(words)
        case .compression: Self.list(["true", "false", "zstd", "gzip", "none"])
        case .timeOfDay: #"an hour from 0 to 23, or "HH:MM""#
        case .schedule: BackupSchedule.grammar
        case .databases: DatabaseNames.grammar
        case .verifySchedule: VerifySchedule.grammar
        case .timeZone: #"an IANA time zone such as "Europe/Paris""#
        case .httpListen: HTTPListen.grammar
        case .name: "one line of at most 64 characters"
        case .contacts: "text of at most 1000 characters"
        case .emails:
            "\(EmailAddress.grammar), several with commas between, at most \(Self.maximumRecipients)"
        case .emailSender: EmailSender.grammar
        case .mailServer: MailServerURL.grammar
        case .telegramToken: TelegramText.tokenGrammar
        case .telegramChats: "\(TelegramText.chatGrammar), at most \(Self.maximumRecipients)"
        case .webAddress: WebAddress.grammar
        case .databaseURL: #""postgresql://USER:PASSWORD@HOST:PORT/DATABASE""#
        }
    }

    /// How many recipients a list may have: each is a delivery of its own.
    static let maximumRecipients = 20

    private static func list(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        return quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
    }
}
