/// Every name the configuration knows, in the order of the documentation.
///
/// What each means is declared once, in `definition`; parsing, `check-config`, the sample file's test and the
/// documentation's test all follow from it.
package enum SettingName: String, Sendable, Hashable, CaseIterable {
    case postgresHost = "POSTGRES_HOST"
    case postgresPort = "POSTGRES_PORT"
    case postgresUser = "POSTGRES_USER"
    case postgresPassword = "POSTGRES_PASSWORD"
    case postgresDatabase = "POSTGRES_DB"
    case databaseURL = "DATABASE_URL"
    case postgresSSLMode = "POSTGRES_SSLMODE"
    case postgresSSLRootCertificate = "POSTGRES_SSLROOTCERT"
    case postgresConnectTimeout = "POSTGRES_CONNECT_TIMEOUT"
    case postgresPoolMinimum = "POSTGRES_POOL_MIN"
    case postgresPoolMaximum = "POSTGRES_POOL_MAX"
    case postgresBinDirectory = "POSTGRES_BIN_DIRECTORY"

    case backupRepository = "BACKUP_REPOSITORY"
    case backupMethod = "BACKUP_METHOD"
    case backupSchedule = "BACKUP_SCHEDULE"
    case backupTime = "BACKUP_TIME"
    case backupMinute = "BACKUP_MINUTE"
    case dumpSchedule = "DUMP_SCHEDULE"
    case dumpDatabases = "DUMP_DATABASES"
    case backupTimeZone = "BACKUP_TIMEZONE"
    case backupJitterSeconds = "BACKUP_JITTER_SECONDS"
    case backupOnFirstStart = "BACKUP_ON_FIRST_START"
    case backupCompression = "BACKUP_COMPRESSION"
    case backupCompressionLevel = "BACKUP_COMPRESSION_LEVEL"
    case backupWorkers = "BACKUP_WORKERS"
    case backupEncryption = "BACKUP_ENCRYPTION"
    case backupEncryptionKey = "BACKUP_ENCRYPTION_KEY"
    case backupOffsiteURL = "BACKUP_OFFSITE_URL"

    case backupRetentionDays = "BACKUP_RETENTION_DAYS"
    case retentionDaily = "RETENTION_DAILY"
    case retentionWeekly = "RETENTION_WEEKLY"
    case retentionMonthly = "RETENTION_MONTHLY"

    case verifySchedule = "VERIFY_SCHEDULE"
    case drillSchedule = "DRILL_SCHEDULE"
    case drillUser = "DRILL_USER"
    case drillDirectory = "DRILL_DIRECTORY"
    case drillTimeout = "DRILL_TIMEOUT"
    case drillChecks = "DRILL_CHECKS"

    case alertBackupAgeCritical = "ALERT_BACKUP_AGE_CRITICAL"
    case alertBackupAgeWarning = "ALERT_BACKUP_AGE_WARNING"
    case alertDiskSpaceCritical = "ALERT_DISK_SPACE_CRITICAL"
    case alertDiskSpaceWarning = "ALERT_DISK_SPACE_WARNING"
    case alertObjectiveMinutes = "ALERT_RTO_MINUTES"
    case alertPendingSeconds = "ALERT_PENDING_SECONDS"

    case instanceName = "INSTANCE_NAME"
    case emergencyContacts = "EMERGENCY_CONTACTS"
    case notificationLanguage = "NOTIFICATION_LANGUAGE"
    case notificationEmail = "NOTIFICATION_EMAIL"
    case notificationEmailFrom = "NOTIFICATION_EMAIL_FROM"
    case notificationSMTPURL = "NOTIFICATION_SMTP_URL"
    case notificationSMTPPassword = "NOTIFICATION_SMTP_PASSWORD"
    case notificationTelegramToken = "NOTIFICATION_TELEGRAM_TOKEN"
    case notificationTelegramChatID = "NOTIFICATION_TELEGRAM_CHAT_ID"
    case notificationTelegramAPI = "NOTIFICATION_TELEGRAM_API"
    case notificationWebhookURL = "NOTIFICATION_WEBHOOK_URL"
    case notificationWebhookSecret = "NOTIFICATION_WEBHOOK_SECRET"
    case notificationPingURL = "NOTIFICATION_PING_URL"
    case notificationCAFile = "NOTIFICATION_CA_FILE"
    case notificationEscalationEmail = "NOTIFICATION_ESCALATION_EMAIL"
    case notificationEscalationTelegramChatID = "NOTIFICATION_ESCALATION_TELEGRAM_CHAT_ID"
    case alertRepeatMinutes = "ALERT_REPEAT_MINUTES"
    case alertEscalationMinutes = "ALERT_ESCALATION_MINUTES"
    case digestSchedule = "DIGEST_SCHEDULE"

    case liveReceptionStatsEnabled = "LIVE_RECEPTION_STATS_ENABLED"
    case liveReceptionStatsSemantics = "LIVE_RECEPTION_STATS_SEMANTICS"
    case liveReceptionStatsTimeZone = "LIVE_RECEPTION_STATS_TIMEZONE"
    case secretKey = "SECRET_KEY"

    case runtimeDirectory = "RUNTIME_DIRECTORY"
    case stateDirectory = "STATE_DIRECTORY"
    case controlSocketGroup = "CONTROL_SOCKET_GROUP"
    case httpListen = "HTTP_LISTEN"
    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"

    /// What the name means and accepts.
    package var definition: SettingDefinition { SettingDefinition(of: self) }

    /// The name of the credential file that may hold it.
    package var credentialName: String { rawValue.lowercased() }
}
