import Configuration
import Testing

@Suite("Settings")
struct SettingsTests {
    struct Good: Sendable, CustomTestStringConvertible {
        let text: String
        let name: SettingName
        let display: String
        var testDescription: String { text }
    }

    static let goodValues: [Good] = [
        Good(text: "POSTGRES_HOST=/var/run/postgresql", name: .postgresHost, display: "/var/run/postgresql"),
        Good(text: "POSTGRES_PORT=65535", name: .postgresPort, display: "65535"),
        Good(text: "POSTGRES_PORT=' 05433 '", name: .postgresPort, display: "5433"),
        Good(text: "POSTGRES_SSLMODE=Verify-Full", name: .postgresSSLMode, display: "verify-full"),
        Good(text: "POSTGRES_SSLROOTCERT=/etc/ca.pem", name: .postgresSSLRootCertificate, display: "/etc/ca.pem"),
        Good(text: "BACKUP_REPOSITORY=/srv/backup/", name: .backupRepository, display: "/srv/backup"),
        Good(text: "BACKUP_TIME=23", name: .backupSchedule, display: "daily 23:00"),
        Good(text: "BACKUP_TIME=02\nBACKUP_MINUTE=5", name: .backupSchedule, display: "daily 02:05"),
        Good(text: "BACKUP_TIME=3:30", name: .backupSchedule, display: "daily 03:30"),
        Good(text: "BACKUP_TIME=03:30\nBACKUP_MINUTE=30", name: .backupSchedule, display: "daily 03:30"),
        Good(text: "BACKUP_SCHEDULE='Every 6H'", name: .backupSchedule, display: "every 6h"),
        Good(text: "BACKUP_SCHEDULE='weekly  sun 3:00'", name: .backupSchedule, display: "weekly SUN 03:00"),
        Good(text: "BACKUP_SCHEDULE=off", name: .backupSchedule, display: "off"),
        Good(text: "BACKUP_SCHEDULE='every 1h'", name: .backupSchedule, display: "hourly"),
        Good(text: "BACKUP_TIMEZONE=UTC", name: .backupTimeZone, display: "UTC"),
        Good(text: "LIVE_RECEPTION_STATS_ENABLED=Auto", name: .liveReceptionStatsEnabled, display: "auto"),
        Good(text: "LIVE_RECEPTION_STATS_ENABLED=no", name: .liveReceptionStatsEnabled, display: "false"),
        Good(
            text: "LIVE_RECEPTION_STATS_SEMANTICS=Opened-Today",
            name: .liveReceptionStatsSemantics,
            display: "opened-today"
        ),
        Good(
            text: "LIVE_RECEPTION_STATS_TIMEZONE=Europe/Paris",
            name: .liveReceptionStatsTimeZone,
            display: "Europe/Paris"
        ),
        Good(
            text: "BACKUP_TIMEZONE=America/Argentina/Ushuaia",
            name: .backupTimeZone,
            display: "America/Argentina/Ushuaia"
        ),
        Good(text: "BACKUP_ON_FIRST_START=No", name: .backupOnFirstStart, display: "false"),
        Good(text: "BACKUP_COMPRESSION=false", name: .backupCompression, display: "none"),
        Good(text: "BACKUP_COMPRESSION=TRUE", name: .backupCompressionLevel, display: "3"),
        Good(text: "BACKUP_COMPRESSION=gzip", name: .backupCompressionLevel, display: "6"),
        Good(
            text: "BACKUP_COMPRESSION=zstd\nBACKUP_COMPRESSION_LEVEL=19",
            name: .backupCompressionLevel,
            display: "19"
        ),
        Good(text: "BACKUP_WORKERS=64", name: .backupWorkers, display: "64"),
        Good(text: "BACKUP_OFFSITE_URL=None", name: .backupOffsiteURL, display: "none"),
        Good(text: "BACKUP_RETENTION_DAYS=14", name: .retentionDaily, display: "14"),
        Good(text: "BACKUP_RETENTION_DAYS=14", name: .retentionMonthly, display: "0"),
        Good(text: "RETENTION_WEEKLY=0", name: .retentionDaily, display: "7"),
        Good(text: "VERIFY_SCHEDULE='weekly sat 05:00'", name: .verifySchedule, display: "weekly SAT 05:00"),
        Good(text: "VERIFY_SCHEDULE=After-Backup", name: .verifySchedule, display: "after-backup"),
        Good(text: "DRILL_SCHEDULE=off", name: .drillSchedule, display: "off"),
        Good(text: "DRILL_USER=drill", name: .drillUser, display: "drill"),
        Good(text: "STATE_DIRECTORY=/a:/b", name: .stateDirectory, display: "/a"),
        Good(text: "STATE_DIRECTORY=/a:/b", name: .backupRepository, display: "/a/repository"),
        Good(text: "STATE_DIRECTORY=/a:/b", name: .drillDirectory, display: "/a/drills"),
        Good(text: "RUNTIME_DIRECTORY=/r/", name: .runtimeDirectory, display: "/r"),
        Good(text: "LOG_LEVEL=DEBUG", name: .logLevel, display: "debug"),
        Good(text: "HTTP_LISTEN=localhost:80", name: .httpListen, display: "127.0.0.1:80"),
        Good(text: "HTTP_LISTEN=[::1]:9848", name: .httpListen, display: "[::1]:9848"),
        Good(text: "HTTP_LISTEN=/run/recyclic/http.socket", name: .httpListen, display: "/run/recyclic/http.socket"),
        Good(text: "HTTP_LISTEN=Off", name: .httpListen, display: "none"),
        Good(text: "CONTROL_SOCKET_GROUP=adm", name: .controlSocketGroup, display: "adm"),
        Good(text: "INSTANCE_NAME='Ressourcerie du Nord'", name: .instanceName, display: "Ressourcerie du Nord"),
        Good(text: "LOG_LEVEL=info", name: .instanceName, display: "host.example.org"),
        Good(text: "EMERGENCY_CONTACTS='Ana +33 1\nBob'", name: .emergencyContacts, display: "Ana +33 1\\u{a}Bob"),
        Good(text: "NOTIFICATION_LANGUAGE=FR", name: .notificationLanguage, display: "fr"),
        Good(
            text: "NOTIFICATION_EMAIL=' a@b.org;c+d@e.org, jos\u{E9}@f.org a@b.org '",
            name: .notificationEmail,
            display: "a@b.org, c+d@e.org, jos\u{E9}@f.org"
        ),
        Good(text: "NOTIFICATION_EMAIL_FROM=a@b.org", name: .notificationEmailFrom, display: "a@b.org"),
        Good(
            text: #"NOTIFICATION_EMAIL_FROM='"Backups, nightly" <a@b.org>'"#,
            name: .notificationEmailFrom,
            display: "Backups, nightly <a@b.org>"
        ),
        Good(text: "LOG_LEVEL=info", name: .notificationEmailFrom, display: "recyclicd@host.example.org"),
        Good(
            text: "NOTIFICATION_SMTP_URL=smtp://me@a.org:x@mail.a.org",
            name: .notificationEmailFrom,
            display: "me@a.org"
        ),
        Good(text: "LOG_LEVEL=info", name: .notificationSMTPURL, display: "smtp://localhost:25"),
        Good(
            text: "NOTIFICATION_SMTP_URL=SMTP://u:p@s/s:w@h.org",
            name: .notificationSMTPURL,
            display: "smtp://h.org:587"
        ),
        Good(text: "NOTIFICATION_SMTP_URL=smtps://[::1]/", name: .notificationSMTPURL, display: "smtps://[::1]:465"),
        Good(
            text: "NOTIFICATION_SMTP_URL=smtp+plain://10.0.0.2:2525",
            name: .notificationSMTPURL,
            display: "smtp+plain://10.0.0.2:2525"
        ),
        Good(
            text: "NOTIFICATION_SMTP_URL=smtp://u@h.org\nNOTIFICATION_SMTP_PASSWORD=x",
            name: .notificationSMTPPassword,
            display: "[hidden]"
        ),
        Good(text: "NOTIFICATION_SMTP_URL=smtp://u:x@h", name: .notificationSMTPPassword, display: "[hidden]"),
        Good(
            text: "NOTIFICATION_TELEGRAM_TOKEN=1:a_-B\nNOTIFICATION_TELEGRAM_CHAT_ID='-100123,@my_channel'",
            name: .notificationTelegramChatID,
            display: "-100123, @my_channel"
        ),
        Good(
            text: "NOTIFICATION_TELEGRAM_API=http://user:pw@localhost:8081/bot-api",
            name: .notificationTelegramAPI,
            display: "http://localhost:8081"
        ),
        Good(
            text: "NOTIFICATION_WEBHOOK_URL=HTTPS://u:pw@h.org:8443/hook?key=1#x\nNOTIFICATION_WEBHOOK_SECRET=s",
            name: .notificationWebhookURL,
            display: "https://h.org:8443"
        ),
        Good(
            text: "NOTIFICATION_PING_URL=https://hc-ping.com/0123",
            name: .notificationPingURL,
            display: "https://hc-ping.com"
        ),
        Good(text: "NOTIFICATION_CA_FILE=/etc/ca.pem", name: .notificationCAFile, display: "/etc/ca.pem"),
        Good(text: "ALERT_ESCALATION_MINUTES=0", name: .alertEscalationMinutes, display: "0"),
        Good(text: "DIGEST_SCHEDULE=off", name: .digestSchedule, display: "off"),
        Good(text: "ALERT_DISK_SPACE_WARNING=5242881", name: .alertDiskSpaceWarning, display: "5242881"),
    ]

    @Test("A good value is taken, without a finding", arguments: goodValues)
    func good(_ good: Good) {
        let result = load(good.text)
        #expect(result.findings == [])
        #expect(result.settings != nil)
        #expect(result.value(good.name)?.display == good.display)
    }

    /// On line 2; the name, the value, and what the message or the hint must say of what is accepted.
    static let malformedValues: [(SettingName, String, String)] = [
        (.postgresPort, "0", "from 1 to 65535"),
        (.postgresPort, "5432x", "from 1 to 65535"),
        (.postgresPort, "+5432", "from 1 to 65535"),
        (.postgresPort, "99999999999999999999", "from 1 to 65535"),
        (.postgresPort, "5432 # the default", "from 1 to 65535"),
        (.postgresHost, "a,b", "one host name"),
        (.postgresHost, "postgresql://h", "one host name"),
        (.postgresSSLMode, "on", "verify-full"),
        (.postgresSSLRootCertificate, "ca.pem", "starts with"),
        (.postgresConnectTimeout, "1", "from 2 to 300"),
        (.postgresPoolMinimum, "5", "up to POSTGRES_POOL_MAX"),
        (.postgresPoolMaximum, "0", "from 1 to 100"),
        (.postgresBinDirectory, "bin", "starts with"),
        (.databaseURL, "mysql://h/d", "postgresql://"),
        (.databaseURL, "postgresql", "postgresql://"),
        (.databaseURL, "postgresql://u:p@h:port/d", "postgresql://"),
        (.databaseURL, "postgresql://h/d?sslmode=maybe", "verify-full"),
        (.databaseURL, "postgresql://h/d?connect_timeout=x", "from 2 to 300"),
        (.backupRepository, "./backups", "starts with"),
        (.backupMethod, "wal", "\"base\""),
        (.dumpSchedule, "daily", "daily HH:MM"),
        (.dumpDatabases, "a,,b", "commas between"),
        (.backupSchedule, "daily", "daily HH:MM"),
        (.backupSchedule, "daily 24:00", "daily HH:MM"),
        (.backupSchedule, "every 5h", "daily HH:MM"),
        (.backupSchedule, "every 24h", "daily HH:MM"),
        (.backupSchedule, "weekly 03:00", "daily HH:MM"),
        (.backupSchedule, "weekly SONNTAG 03:00", "daily HH:MM"),
        (.backupSchedule, "0 2 * * *", "daily HH:MM"),
        (.backupTime, "24", "0 to 23"),
        (.backupTime, "2h", "0 to 23"),
        (.backupTime, "02:60", "0 to 23"),
        (.backupTime, "-1", "0 to 23"),
        (.backupMinute, "60", "from 0 to 59"),
        (.backupTimeZone, "Europe/Pari", "IANA"),
        (.backupTimeZone, "../../etc/passwd", "IANA"),
        (.backupJitterSeconds, "1h", "from 0 to 3600"),
        (.backupOnFirstStart, "maybe", "\"true\" or \"false\""),
        (.backupCompression, "lz4", "\"gzip\""),
        (.backupCompressionLevel, "20", "from 1 to 19"),
        (.backupWorkers, "0", "from 1 to 64"),
        (.backupEncryption, "true", "BACKUP_ENCRYPTION=false"),
        (.backupEncryption, "aes", "\"true\" or \"false\""),
        (.backupOffsiteURL, "s3://bucket", "BACKUP_OFFSITE_URL=none"),
        (.backupRetentionDays, "0", "from 1 to 3650"),
        (.retentionDaily, "-7", "from 0 to 3650"),
        (.retentionWeekly, "four", "from 0 to 520"),
        (.retentionMonthly, "1.5", "from 0 to 240"),
        (.verifySchedule, "hourly", "after-backup"),
        (.drillSchedule, "sometimes", "weekly DAY HH:MM"),
        (.drillUser, "root", "recyclic"),
        (.drillDirectory, "drills", "starts with"),
        (.drillTimeout, "0", "from 1 to 10080"),
        (.drillChecks, "checks.sql", "starts with"),
        (.alertBackupAgeCritical, "25h", "from 1 to 8760"),
        (.alertBackupAgeWarning, "0", "from 1 to 8760"),
        (.alertDiskSpaceCritical, "1GB", "from 0 to"),
        (.alertDiskSpaceWarning, "5G", "from 0 to"),
        (.instanceName, "a\nb", "one line of at most 64 characters"),
        (.emergencyContacts, "call\tme", "at most 1000 characters"),
        (.notificationLanguage, "de", "\"en\" or \"fr\""),
        (.notificationEmail, "admin", "admin@example.org"),
        (.notificationEmail, "a@b..org", "admin@example.org"),
        (.notificationEmail, "a@b_c-.org", "admin@example.org"),
        (.notificationEmail, "a@b.org\u{1}Bcc:c@d.org", "admin@example.org"),
        (.notificationEmail, "<a@b.org>", "admin@example.org"),
        (.notificationEmail, ",", "several with commas between, at most 20"),
        (.notificationEscalationEmail, "a@\u{FC}.org", "admin@example.org"),
        (.notificationEmailFrom, "Backups", "Backups <backups@example.org>"),
        (.notificationEmailFrom, "a\nb <a@b.org>", "Backups <backups@example.org>"),
        (.notificationSMTPURL, "mail.a.org:587", "smtp://USER:PASSWORD@HOST:587"),
        (.notificationSMTPURL, "smtp://h:0", "smtps://USER:PASSWORD@HOST"),
        (.notificationSMTPURL, "smtp://h/path", "smtp+plain://HOST"),
        (.notificationSMTPURL, "smtp://u:a%0Db@h", "smtp+plain://HOST"),
        (.notificationSMTPURL, "smtp://:p@h", "smtp+plain://HOST"),
        (.notificationSMTPURL, "smtp://only-user@h.org", "NOTIFICATION_SMTP_PASSWORD"),
        (.notificationTelegramToken, "not-a-token", "@BotFather"),
        (.notificationTelegramToken, "1:a/../b", "@BotFather"),
        (.notificationTelegramChatID, "my channel", "-1001234567890"),
        (.notificationEscalationTelegramChatID, "--5", "-1001234567890"),
        (.notificationTelegramAPI, "api.telegram.org", "https:// or http://"),
        (.notificationTelegramAPI, "https://h.org/?x=1", "https:// or http://"),
        (.notificationWebhookURL, "ftp://h.org/", "https:// or http://"),
        (.notificationWebhookURL, "https://h.org/a b", "https:// or http://"),
        (.notificationPingURL, "https:///path", "https:// or http://"),
        (.notificationCAFile, "ca.pem", "starts with"),
        (.alertRepeatMinutes, "4", "from 5 to 10080"),
        (.alertEscalationMinutes, "-1", "from 0 to 10080"),
        (.digestSchedule, "weekly", "weekly DAY HH:MM"),
        (.liveReceptionStatsEnabled, "2", "\"true\" or \"false\""),
        (.liveReceptionStatsSemantics, "today", "\"opened-today\""),
        (.liveReceptionStatsTimeZone, "Europe/Pari", "IANA"),
        (.liveReceptionStatsTimeZone, "GMT+2", "IANA"),
        (.notificationTelegramAPI, "http://u:pw@h/?x", "https://"),
        (.runtimeDirectory, "run", "starts with"),
        (.stateDirectory, ":/b", "starts with"),
        (.httpListen, "0.0.0.0:9847", "127.0.0.1:PORT"),
        (.httpListen, "127.0.0.1", "127.0.0.1:PORT"),
        (.httpListen, "127.0.0.1:0", "127.0.0.1:PORT"),
        (.httpListen, "http.socket", "127.0.0.1:PORT"),
        (.logLevel, "verbose", "\"notice\""),
    ]

    @Test(
        "A malformed value is an error with file, line, what was found and what is accepted",
        arguments: malformedValues
    )
    func malformed(name: SettingName, value: String, accepted: String) throws {
        // What would be warned of besides is set as it should be.
        let beside = name == .notificationTelegramToken ? "" : "\nNOTIFICATION_TELEGRAM_TOKEN=1:x"
        let result = load("#\n\(name.rawValue)='\(value)'\n\(beside)")
        #expect(result.settings == nil)
        let error = try #require(result.errors.first)
        #expect(result.errors.count == 1, "\(result.errors)")
        #expect(error.file == "/f")
        #expect(error.line == 2)
        #expect(error.message.contains("\"\(name.rawValue)\""))
        #expect("\(error.message) \(error.hint)".contains(accepted), "\(error.message) \(error.hint)")
        let isShown = !name.definition.isSecret && name != .backupOffsiteURL
        let found = String(value.prefix { !$0.isWhitespace && $0 != "\u{1}" })
        #expect(error.message.contains(found) == isShown || name == .postgresPoolMinimum || name == .backupEncryption)
        // From the environment it is the same, without a place.
        let other = load("", [name.rawValue: value])
        #expect(other.errors.map(\.line) == [nil])
        #expect(other.errors.map(\.message) == [error.message])
    }

    @Test("All mistakes are found in one run, in the order of their lines")
    func allAtOnce() {
        let result = load("POSTGRES_PORT=x\nnonsense\nBACKUP_TIME=99\nLOG_LEVEL=x\n")
        #expect(result.errors.map(\.line) == [1, 2, 3, 4])
    }

    /// Configurations that hold but are not what somebody meant.
    static let doubtful: [(String, Int, String)] = [
        ("BACKUP_SCHEDULE=hourly\nBACKUP_TIME=3", 2, "BACKUP_SCHEDULE"),
        ("BACKUP_TIME=03:30\nBACKUP_MINUTE=10", 2, "BACKUP_TIME counts"),
        ("BACKUP_ENCRYPTION_KEY=x", 1, "not used"),
        ("RETENTION_DAILY=3\nBACKUP_RETENTION_DAYS=14", 2, "not used"),
        ("RETENTION_DAILY=0\nRETENTION_WEEKLY=0\nRETENTION_MONTHLY=0", 1, "all 0"),
        ("ALERT_BACKUP_AGE_WARNING=30", 1, "later than"),
        ("ALERT_DISK_SPACE_WARNING=1", 1, "less than"),
        ("DATABASE_URL=postgresql://u@h/d\nPOSTGRES_HOST=other", 2, "POSTGRES_HOST counts"),
        ("NOTIFICATION_TELEGRAM_TOKEN=1:x", 1, "no chat"),
        ("NOTIFICATION_TELEGRAM_CHAT_ID=1", 1, "NOTIFICATION_TELEGRAM_TOKEN"),
        ("NOTIFICATION_ESCALATION_TELEGRAM_CHAT_ID=1", 1, "NOTIFICATION_TELEGRAM_TOKEN"),
        ("NOTIFICATION_SMTP_PASSWORD=x", 1, "names no user"),
        ("NOTIFICATION_SMTP_PASSWORD=x\nNOTIFICATION_SMTP_URL=smtp://u:y@h", 1, "NOTIFICATION_SMTP_PASSWORD counts"),
        ("NOTIFICATION_SMTP_URL=smtp+plain://u:x@h.org", 1, "unencrypted"),
        ("NOTIFICATION_WEBHOOK_SECRET=x", 1, "NOTIFICATION_WEBHOOK_URL"),
        ("NOTIFICATION_WEBHOOK_URL=http://h.org/x", 1, "read on the way"),
        ("POSTGRES_PASSWORD=a\nDATABASE_URL=postgresql://u:b@h/d", 1, "POSTGRES_PASSWORD counts"),
        ("DATABASE_URL=postgresql://u:b@h:1/d\nPOSTGRES_PORT=2", 2, "POSTGRES_PORT counts"),
        ("DATABASE_URL=postgresql://h/d?sslmode=require\nPOSTGRES_SSLMODE=disable", 2, "POSTGRES_SSLMODE counts"),
    ]

    @Test("What contradicts itself or has no effect is a warning at its line", arguments: doubtful)
    func warned(text: String, line: Int, message: String) {
        let result = load(text)
        #expect(result.settings != nil)
        #expect(result.findings.map(\.severity) == [.warning], "\(result.findings)")
        #expect(result.findings.first?.line == line)
        #expect(result.findings.first?.message.contains(message) == true)
    }

    @Test("gzip has nine levels")
    func gzipLevels() {
        #expect(
            load("BACKUP_COMPRESSION=gzip\nBACKUP_COMPRESSION_LEVEL=9").settings?.backup.compression == .gzip(level: 9)
        )
        let result = load("BACKUP_COMPRESSION=gzip\nBACKUP_COMPRESSION_LEVEL=10")
        #expect(result.errors.map(\.line) == [2])
    }

    @Test("A value with control characters cannot reach a terminal as they are")
    func controlCharacters() {
        let result = load("LOG_LEVEL='a\u{1B}[31mb\nc\u{202E}d'\nDRILL_USER='x\u{7}'")
        let text = ConfigurationReport(result).text()
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\u{7}"))
        #expect(text.contains("a\\u{1b}[31mb\\u{a}c"))
    }

    /// What a mail server's URL means.
    static let mailServers: [(String, MailServerURL.Security, String, Int, String?, String?)] = [
        ("smtp://localhost", .none, "localhost", 25, nil, nil),
        ("smtp://127.0.0.1:2525", .none, "127.0.0.1", 2525, nil, nil),
        ("smtp://relay.lan", .startTLSIfOffered, "relay.lan", 25, nil, nil),
        ("smtp://127.evil.org", .startTLSIfOffered, "127.evil.org", 25, nil, nil),
        ("smtp://u:p@localhost", .startTLS, "localhost", 587, "u", "p"),
        ("smtp://u%40a.org:p%25@h:25", .startTLS, "h", 25, "u@a.org", "p%"),
        ("smtp://u@a.org:p@:s/w?%zz@h", .startTLS, "h", 587, "u@a.org", "p@:s/w?%zz"),
        ("smtps://u:p@[2001:db8::1]", .implicitTLS, "2001:db8::1", 465, "u", "p"),
        ("smtp+plain://u:p@h", .none, "h", 587, "u", "p"),
    ]

    @Test("A mail server's URL says how to encrypt, and its password may hold any character", arguments: mailServers)
    func mailServer(
        text: String,
        security: MailServerURL.Security,
        host: String,
        port: Int,
        user: String?,
        password: String?
    ) throws {
        let settings = try #require(load("NOTIFICATION_SMTP_URL='\(text)'").settings)
        let server = settings.notifications.mailServer
        #expect(server.security == security)
        #expect(server.host == host)
        #expect(server.port == port)
        #expect(server.user == user)
        #expect(server.password?.revealed == password)
        #expect(settings.notifications.mailPassword == server.password)
    }

    @Test("A list of recipients ends at twenty")
    func manyRecipients() {
        let addresses = (1...21).map { "a\($0)@b.org" }
        let good = load("NOTIFICATION_EMAIL='\(addresses.dropLast().joined(separator: ","))'")
        #expect(good.settings?.notifications.primary.emails.count == 20)
        #expect(load("NOTIFICATION_EMAIL='\(addresses.joined(separator: ","))'").errors.count == 1)
    }
}
