/// Names that belong to somebody else and pass silently, although some look like ours.
enum ForeignNames {
    /// The application's, its scripts' and the official PostgreSQL image's.
    private static let names: Set<String> = [
        "BACKUP_DIR", "BACKUP_TIMEOUT_SECONDS", "BACKUP_IMAGE_TAG", "LOG_DIR", "MONITORING_ENDPOINT",
        "PROMETHEUS_METRICS_FILE", "TEST_RESTORE", "ENVIRONMENT", "ALLOWED_HOSTS", "CORS_ALLOW_ORIGINS",
        "BACKEND_CORS_ORIGINS", "FRONTEND_URL", "API_V1_STR", "API_PORT", "ROOT_PATH", "REDIS_URL", "EMAIL_FROM_NAME",
        "EMAIL_FROM_ADDRESS", "DEFAULT_EMAIL_RECIPIENT", "TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_URL", "ADMIN_TELEGRAM_IDS",
        "ALGORITHM", "ACCESS_TOKEN_EXPIRE_MINUTES", "POSTGRES_INITDB_ARGS", "POSTGRES_INITDB_WALDIR",
        "POSTGRES_HOST_AUTH_METHOD",
    ]

    private static let prefixes = [
        "BACKUP_REMOTE_", "BREVO_", "KDRIVE_", "CASH_SESSION_REPORT_", "FIRST_SUPER_ADMIN_", "VITE_",
    ]

    private static let suffixes = ["_IMAGE_TAG"]

    static func contains(_ name: String) -> Bool {
        names.contains(name) || prefixes.contains { name.hasPrefix($0) } || suffixes.contains { name.hasSuffix($0) }
    }
}
