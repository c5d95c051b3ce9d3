extension SettingDefinition {
    /// The one table of all settings. The compiler sees to it that no name is forgotten.
    init(of name: SettingName) {
        self =
            switch name {
            case .postgresHost:
                Self(.connection, .text, default: "localhost", "host name, address or socket directory of the server")
            case .postgresPort:
                Self(.connection, .integer(1...65535), default: "5432", "TCP port, or the number in the socket's name")
            case .postgresUser:
                Self(.connection, .text, default: "recyclic", "role to log in as; it needs LOGIN and REPLICATION")
            case .postgresPassword:
                Self(.connection, .text, secret: true, "password of that role; not needed with peer authentication")
            case .postgresDatabase:
                Self(.connection, .text, default: "recyclic", "database that plain queries connect to")
            case .databaseURL:
                Self(
                    .connection,
                    .databaseURL,
                    secret: true,
                    "connection URL of the application; fills in what POSTGRES_* leave out"
                )
            case .postgresSSLMode:
                Self(
                    .connection,
                    .choice(SSLMode.allCases.map(\.rawValue)),
                    default: "prefer",
                    "how much TLS to demand"
                )
            case .postgresSSLRootCertificate:
                Self(.connection, .path, "root certificates for verify-ca and verify-full")
            case .postgresConnectTimeout:
                Self(.connection, .integer(2...300), default: "10", unit: "seconds", "how long to try to connect")
            case .postgresPoolMinimum:
                Self(.connection, .integer(0...100), default: "1", unit: "connections", "connections kept open")
            case .postgresPoolMaximum:
                Self(.connection, .integer(1...100), default: "4", unit: "connections", "connections open at most")
            case .postgresBinDirectory:
                Self(.connection, .path, follows: "looked for", "folder of the server programs that drills start")

            case .backupRepository:
                Self(.backup, .path, follows: "in STATE_DIRECTORY", "folder of the backup repository")
            case .backupMethod:
                Self(
                    .backup,
                    .choice(BackupMethod.allCases.map(\.rawValue)),
                    default: "auto",
                    "what protects: base backups of the whole cluster, or dumps of each database; auto is base where it works"
                )
            case .backupSchedule:
                Self(.backup, .schedule, follows: "BACKUP_TIME and BACKUP_MINUTE", "when backups run")
            case .backupTime:
                Self(.backup, .timeOfDay, default: "2", unit: "hour", "when the daily backup runs")
            case .backupMinute:
                Self(.backup, .integer(0...59), default: "0", unit: "minute", "minute of the hour in BACKUP_TIME")
            case .dumpSchedule:
                Self(
                    .backup,
                    .schedule,
                    follows: "BACKUP_METHOD",
                    "when dumps run: weekly SUN 03:00 beside base backups, else as BACKUP_SCHEDULE"
                )
            case .dumpDatabases:
                Self(.backup, .databases, follows: "all but templates", "the databases that dumps are taken of")
            case .backupTimeZone:
                Self(.backup, .timeZone, follows: "the machine", "time zone of all schedules")
            case .backupJitterSeconds:
                Self(
                    .backup,
                    .integer(0...3600),
                    default: "60",
                    unit: "seconds",
                    "a scheduled run starts up to this much late, so that machines do not all start at once"
                )
            case .backupOnFirstStart:
                Self(.backup, .boolean, default: "true", "take a backup at once when there is none yet")
            case .backupCompression:
                Self(.backup, .compression, default: "true", "compression; true is zstd, false is none")
            case .backupCompressionLevel:
                Self(
                    .backup,
                    .integer(1...19),
                    follows: "3 for zstd, 6 for gzip",
                    "compression level: 1 to 19 for zstd, 1 to 9 for gzip"
                )
            case .backupWorkers:
                Self(.backup, .integer(1...64), follows: "processors", unit: "threads", "threads that compress")
            case .backupEncryption:
                Self(
                    .backup,
                    .boolean,
                    default: "false",
                    "encrypt the repository",
                    notYet: "true is refused until encryption exists."
                )
            case .backupEncryptionKey:
                Self(.backup, .text, secret: true, "key of the encryption", notYet: "not used until encryption exists.")
            case .backupOffsiteURL:
                Self(
                    .backup,
                    .text,
                    "where the copy outside this machine goes; none waives the standing warning that there is none",
                    notYet: "anything but none is refused until off-site copies exist."
                )

            case .backupRetentionDays:
                Self(
                    .retention,
                    .integer(1...3650),
                    unit: "days",
                    "keep this many daily backups and nothing older, unless any RETENTION_* is set"
                )
            case .retentionDaily:
                Self(.retention, .integer(0...3650), default: "7", unit: "days", "days of which a backup is kept")
            case .retentionWeekly:
                Self(.retention, .integer(0...520), default: "4", unit: "weeks", "weeks of which a backup is kept")
            case .retentionMonthly:
                Self(.retention, .integer(0...240), default: "12", unit: "months", "months of which a backup is kept")

            case .verifySchedule:
                Self(.proof, .verifySchedule, default: "after-backup", "when stored backups are verified")
            case .drillSchedule:
                Self(
                    .proof,
                    .schedule,
                    default: "weekly SUN 04:00",
                    "when a drill restores and checks the newest backup"
                )
            case .drillUser:
                Self(.proof, .text, follows: "recyclic, else nobody", "user that drills run as when started by root")
            case .drillDirectory:
                Self(.proof, .path, follows: "in STATE_DIRECTORY", "scratch space of drills")
            case .drillTimeout:
                Self(
                    .proof,
                    .integer(1...10080),
                    default: "240",
                    unit: "minutes",
                    "a drill is given up after this long"
                )
            case .drillChecks:
                Self(.proof, .path, "file of your own SQL checks on the restored database")

            case .alertBackupAgeCritical:
                Self(
                    .alerts,
                    .integer(1...8760),
                    default: "25",
                    unit: "hours",
                    "age of the newest backup that is critical"
                )
            case .alertBackupAgeWarning:
                Self(
                    .alerts,
                    .integer(1...8760),
                    default: "6",
                    unit: "hours",
                    "age of the newest backup that is a warning"
                )
            case .alertDiskSpaceCritical:
                Self(
                    .alerts,
                    .integer(0...1 << 40),
                    default: "1048576",
                    unit: "KiB",
                    "free space on the repository's disk below which it is critical"
                )
            case .alertDiskSpaceWarning:
                Self(
                    .alerts,
                    .integer(0...1 << 40),
                    default: "5242880",
                    unit: "KiB",
                    "free space on the repository's disk below which it is a warning"
                )
            case .alertObjectiveMinutes:
                Self(
                    .alerts,
                    .integer(1...10080),
                    default: "240",
                    unit: "minutes",
                    "how long a restore may take; a drill that needs longer is critical"
                )
            case .alertPendingSeconds:
                Self(
                    .alerts,
                    .integer(0...3600),
                    default: "120",
                    unit: "seconds",
                    "how long a problem that may come and go must last before it is told, and be gone until it is over"
                )

            case .instanceName:
                Self(
                    .notifications,
                    .name,
                    follows: "the host's name",
                    "what this recyclicd calls itself in every text"
                )
            case .emergencyContacts:
                Self(.notifications, .contacts, "whom to call; part of every critical message")
            case .notificationLanguage:
                Self(
                    .notifications,
                    .choice(NotificationLanguage.allCases.map(\.rawValue)),
                    default: "en",
                    "language of messages"
                )
            case .notificationEmail:
                Self(.notifications, .emails, "addresses that alerts go to")
            case .notificationEmailFrom:
                Self(
                    .notifications,
                    .emailSender,
                    follows: "the mail server's user, else recyclicd@HOST",
                    "address that mail comes from"
                )
            case .notificationSMTPURL:
                Self(
                    .notifications,
                    .mailServer,
                    default: "smtp://localhost:25",
                    secret: true,
                    "mail server, with its login"
                )
            case .notificationSMTPPassword:
                Self(
                    .notifications,
                    .text,
                    secret: true,
                    "password of that login, instead of in the URL"
                )
            case .notificationTelegramToken:
                Self(.notifications, .telegramToken, secret: true, "token of the Telegram bot")
            case .notificationTelegramChatID:
                Self(.notifications, .telegramChats, "Telegram chats that alerts go to")
            case .notificationTelegramAPI:
                Self(
                    .notifications,
                    .webAddress,
                    default: "https://api.telegram.org",
                    // One of one's own may have a login, or a path that is a secret.
                    secret: true,
                    "where Telegram's Bot API is"
                )
            case .notificationWebhookURL:
                Self(
                    .notifications,
                    .webAddress,
                    secret: true,
                    "where messages are posted to as JSON"
                )
            case .notificationWebhookSecret:
                Self(.notifications, .text, secret: true, "what those are signed with")
            case .notificationPingURL:
                Self(
                    .notifications,
                    .webAddress,
                    secret: true,
                    "whom to tell that protection is good, so that silence is noticed"
                )
            case .notificationCAFile:
                Self(
                    .notifications,
                    .path,
                    "certificate authorities to trust beside the system's"
                )
            case .notificationEscalationEmail:
                Self(
                    .notifications,
                    .emails,
                    "addresses that are told when nobody acknowledged"
                )
            case .notificationEscalationTelegramChatID:
                Self(
                    .notifications,
                    .telegramChats,
                    "Telegram chats that are told when nobody acknowledged"
                )
            case .alertRepeatMinutes:
                Self(
                    .notifications,
                    .integer(5...10080),
                    default: "30",
                    unit: "minutes",
                    "how long until a problem that nobody acknowledged is told again"
                )
            case .alertEscalationMinutes:
                Self(
                    .notifications,
                    .integer(0...10080),
                    default: "30",
                    unit: "minutes",
                    "how long until it is told to those of NOTIFICATION_ESCALATION_*"
                )
            case .digestSchedule:
                Self(
                    .notifications,
                    .schedule,
                    default: "weekly MON 08:00",
                    "when a digest with the figures is sent"
                )

            case .liveReceptionStatsEnabled:
                Self(
                    .reception,
                    .booleanOrAuto,
                    default: "auto",
                    "serve live reception statistics; auto is true where one of the reception's tables is"
                )
            case .liveReceptionStatsSemantics:
                Self(
                    .reception,
                    .choice(ReceptionSemantics.allCases.map(\.rawValue)),
                    default: "rolling-24h",
                    "which generation of the application's rules the figures follow"
                )
            case .liveReceptionStatsTimeZone:
                Self(.reception, .timeZone, default: "UTC", "time zone in which the day of the figures begins")
            case .secretKey:
                Self(.reception, .text, secret: true, "the application's key, which signs its tokens")

            case .runtimeDirectory:
                Self(.daemon, .pathList, default: "/run/recyclic", "folder of the control socket")
            case .stateDirectory:
                Self(.daemon, .pathList, default: "/var/lib/recyclic", "folder of the daemon's memory")
            case .controlSocketGroup:
                Self(
                    .daemon,
                    .text,
                    follows: "recyclic if there is such a group",
                    "group that may use the control socket"
                )
            case .httpListen:
                Self(
                    .daemon,
                    .httpListen,
                    default: "127.0.0.1:9847",
                    "where metrics and health are served over HTTP: a loopback address, a socket's path, or none"
                )
            case .logLevel:
                Self(.daemon, .choice(LogLevel.allCases.map(\.rawValue)), default: "info", "what is logged from")
            case .logFormat:
                Self(
                    .daemon,
                    .choice(LogFormat.allCases.map(\.rawValue)),
                    default: "text",
                    "how log lines look where they do not go to the journal"
                )
            }
    }
}
