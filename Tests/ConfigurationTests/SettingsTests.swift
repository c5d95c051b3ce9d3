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
        (.backupMethod, "dump", "BACKUP_METHOD=base"),
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
        (.liveReceptionStatsEnabled, "2", "\"true\" or \"false\""),
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
        let result = load("#\n\(name.rawValue)='\(value)'\n")
        #expect(result.settings == nil)
        let error = try #require(result.errors.first)
        #expect(result.errors.count == 1, "\(result.errors)")
        #expect(error.file == "/f")
        #expect(error.line == 2)
        #expect(error.message.contains("\"\(name.rawValue)\""))
        #expect("\(error.message) \(error.hint)".contains(accepted), "\(error.message) \(error.hint)")
        let isShown = !name.definition.isSecret && name != .backupOffsiteURL
        #expect(error.message.contains(value) == isShown || name == .postgresPoolMinimum || name == .backupEncryption)
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
}
