import Configuration
import Testing

@Suite("Configuration loader")
struct ConfigurationLoaderTests {
    @Test(arguments: [(1, 1), (4, 4), (64, 4)])
    func `more processors than four don't mean more threads, unless the operator says so`(
        processors: Int,
        expected: Int
    ) {
        let machine = MachineFacts(
            hostName: "h",
            processors: processors,
            timeZone: MachineFacts.example.timeZone,
            hasRecyclicGroup: true
        )
        func workers(_ text: String) -> Int? {
            let files = ConfigurationFileReader.memory(["/f": text])
            return ConfigurationLoader.load(file: "/f", environment: [:], fileReader: files, machine: machine)
                .settings?.backup.workers
        }
        #expect(workers("") == expected)
        #expect(workers("BACKUP_WORKERS=12") == 12)
    }

    @Test("Without anything, every default holds and only the missing file is a warning")
    func defaults() throws {
        let result = ConfigurationLoader.load(
            file: nil,
            environment: [:],
            fileReader: .memory([:]),
            machine: .example
        )
        let settings = try #require(result.settings)
        #expect(result.findings.map(\.severity) == [.warning])
        #expect(result.findings.first?.file == "/etc/recyclic/recyclicd.env")
        #expect(settings.postgres.host == "localhost")
        #expect(settings.postgres.port == 5432)
        #expect(settings.postgres.user == "recyclic")
        #expect(settings.postgres.database == "recyclic")
        #expect(settings.postgres.password == nil)
        #expect(settings.postgres.sslMode == .prefer)
        #expect(settings.postgres.connectTimeoutSeconds == 10)
        #expect(settings.postgres.poolMinimum == 1)
        #expect(settings.postgres.poolMaximum == 4)
        #expect(settings.paths.runtimeDirectory == "/run/recyclic")
        #expect(settings.paths.controlSocket == "/run/recyclic/control.socket")
        #expect(settings.paths.stateDirectory == "/var/lib/recyclic")
        #expect(settings.paths.repository == "/var/lib/recyclic/repository")
        #expect(settings.paths.controlSocketGroup == "recyclic")
        #expect(settings.backup.compression == .zstd(level: 3))
        #expect(settings.backup.method == .auto)
        #expect(settings.backup.schedule.description == "daily 02:00")
        #expect(settings.backup.timeZone == "Europe/Paris")
        #expect(settings.backup.jitterSeconds == 60)
        #expect(settings.backup.onFirstStart)
        #expect(settings.backup.workers == 2)
        #expect(!settings.backup.isOffsiteWaived)
        #expect(settings.retention.daily == 7)
        #expect(settings.retention.weekly == 4)
        #expect(settings.retention.monthly == 12)
        #expect(settings.verify == .afterBackup)
        #expect(settings.drill.schedule.description == "weekly SUN 04:00")
        #expect(settings.drill.directory == "/var/lib/recyclic/drills")
        #expect(settings.drill.timeoutMinutes == 240)
        #expect(settings.drill.user == nil)
        #expect(settings.alerts.backupAgeCriticalHours == 25)
        #expect(settings.alerts.backupAgeWarningHours == 6)
        #expect(!settings.alerts.isBackupAgeWarningChosen)
        #expect(settings.alerts.diskSpaceCriticalBytes == 1 << 30)
        #expect(settings.alerts.diskSpaceWarningBytes == 5 << 30)
        #expect(settings.reception.isEnabled == nil)
        #expect(settings.reception.semantics == .rolling && settings.reception.timeZone == "UTC")
        #expect(settings.logLevel == .info)
        #expect(result.effective.map(\.name) == SettingName.allCases)
    }

    // MARK: - Precedence

    @Test("The environment wins over the file, and credentials over both for secrets")
    func precedence() throws {
        let result = ConfigurationLoader.load(
            file: "/f",
            environment: ["POSTGRES_HOST": "env", "POSTGRES_PASSWORD": "from-env", "CREDENTIALS_DIRECTORY": "/c"],
            fileReader: .memory([
                "/f": "POSTGRES_HOST=file\nPOSTGRES_USER=file\nPOSTGRES_PASSWORD=from-file\n",
                "/c/postgres_password": "from-credential\n",
                "/c/postgres_host": "credential",
            ]),
            machine: .example
        )
        let settings = try #require(result.settings)
        #expect(settings.postgres.host == "env")
        #expect(settings.postgres.user == "file")
        #expect(settings.postgres.password?.revealed == "from-credential")
        #expect(result.value(.postgresHost)?.origin == .environment)
        #expect(result.value(.postgresUser)?.origin == .file(path: "/f", line: 2))
        #expect(result.value(.postgresPassword)?.origin == .credential(path: "/c/postgres_password"))
        #expect(result.value(.postgresPassword)?.display == "[hidden]")
        #expect(result.value(.postgresDatabase)?.origin == .defaultValue(reason: nil))
    }

    @Test("An empty value counts as not set, with a note when that lets another one count")
    func emptyValues() throws {
        let result = load("POSTGRES_HOST=db\nPOSTGRES_PORT=\nBACKUP_TIME=\"  \"\n", ["POSTGRES_HOST": ""])
        #expect(result.settings?.postgres.host == "db")
        #expect(result.settings?.postgres.port == 5432)
        #expect(result.settings?.backup.schedule.description == "daily 02:00")
        #expect(result.findings.map(\.severity) == [.note])
        #expect(result.findings.first?.message.contains("POSTGRES_HOST") == true)
    }

    @Test("Of duplicates the last counts, as with systemd")
    func duplicates() {
        let result = load("POSTGRES_HOST=a\nPOSTGRES_HOST=b\n")
        #expect(result.settings?.postgres.host == "b")
        #expect(result.findings.map(\.line) == [2])
    }

    @Test("Windows line ends and a byte order mark change no value, in the file or in the environment")
    func windowsFile() {
        let result = load("\u{FEFF}POSTGRES_HOST=db\r\nPOSTGRES_PASSWORD=s\r\n", ["POSTGRES_USER": "u\r"])
        #expect(result.settings?.postgres.host == "db")
        #expect(result.settings?.postgres.password?.revealed == "s")
        #expect(result.settings?.postgres.user == "u")
        #expect(result.findings.map(\.severity) == [.warning, .warning, .warning])
    }

    // MARK: - Files

    @Test("A file that was named must be there and readable")
    func missingFile() {
        let missing = ConfigurationLoader.load(
            file: "/x",
            environment: [:],
            fileReader: .memory([:]),
            machine: .example
        )
        #expect(missing.settings == nil)
        #expect(missing.errors.map(\.file) == ["/x"])
        let reader = ConfigurationFileReader { _ throws(ConfigurationFileReader.Failure) in
            throw .unreadable(reason: "Permission denied")
        }
        let unreadable = ConfigurationLoader.load(file: nil, environment: [:], fileReader: reader, machine: .example)
        #expect(unreadable.errors.count == 1)
        #expect(unreadable.errors.first?.message.contains("Permission denied") == true)
    }

    @Test(
        "A file that others may read is a warning only when it holds secrets; one they may write always is",
        arguments: [
            ("POSTGRES_HOST=db\n", 0o644 as UInt32, false), ("POSTGRES_PASSWORD=x\n", 0o644, true),
            ("POSTGRES_PASSWORD=x\n", 0o640, false), ("POSTGRES_PASSWORD=\n", 0o644, false),
            ("POSTGRES_HOST=db\n", 0o666, true), ("DATABASE_URL=postgresql://h/d\n", 0o604, true),
        ]
    )
    func permissions(text: String, mode: UInt32, isWarned: Bool) {
        let result = ConfigurationLoader.load(
            file: "/f",
            environment: [:],
            fileReader: .memory(["/f": text], mode: mode),
            machine: .example
        )
        #expect(result.findings.contains { $0.hint.contains("chmod o-rwx /f") } == isWarned)
        #expect(result.settings != nil)
    }

    @Test("A credential that is no line of text is an error that does not show it")
    func malformedCredential() {
        let result = ConfigurationLoader.load(
            file: "/f",
            environment: [:],
            credentialsDirectory: "/c",
            fileReader: .memory(["/f": "", "/c/postgres_password": "topsecret\nmore"]),
            machine: .example
        )
        #expect(result.errors.map(\.file) == ["/c/postgres_password"])
        #expect(!"\(result)".contains("topsecret"))
    }

    @Test("The disk reader tells a missing file, a folder and a file that is too large apart")
    func diskReader() throws {
        #expect(throws: ConfigurationFileReader.Failure.missing) {
            try ConfigurationFileReader.disk.read("/nonexistent/recyclicd.env")
        }
        #expect(throws: ConfigurationFileReader.Failure.unreadable(reason: "is a directory")) {
            try ConfigurationFileReader.disk.read("/")
        }
        #expect(throws: ConfigurationFileReader.Failure.unreadable(reason: "is larger than 1 MiB")) {
            try ConfigurationFileReader.disk.read("/dev/zero")
        }
        #expect(try ConfigurationFileReader.disk.read("/dev/null").bytes.isEmpty)
    }

    // MARK: - Names

    struct NameCase: Sendable, CustomTestStringConvertible {
        let name: String
        let inFile: String?
        let inEnvironment: String?
        var testDescription: String { name }
    }

    /// The nearest name, "" for a warning without one, `nil` for silence.
    static let judgedNames: [NameCase] = [
        NameCase(name: "BACKUP_TIEM", inFile: "BACKUP_TIME", inEnvironment: "BACKUP_TIME"),
        NameCase(name: "RETENTION_DAYLY", inFile: "RETENTION_DAILY", inEnvironment: "RETENTION_DAILY"),
        NameCase(name: "BACKUP_SOMETHING_ELSE", inFile: "", inEnvironment: ""),
        NameCase(name: "postgres_host", inFile: "POSTGRES_HOST", inEnvironment: "POSTGRES_HOST"),
        NameCase(name: "POSTGRES_PASSWORD_FILE", inFile: "POSTGRES_PASSWORD", inEnvironment: "POSTGRES_PASSWORD"),
        NameCase(name: "POSTGERS_HOST", inFile: "POSTGRES_HOST", inEnvironment: nil),
        NameCase(name: "LOG_LEVLE", inFile: "LOG_LEVEL", inEnvironment: nil),
        NameCase(name: "DATABSE_URL", inFile: "DATABASE_URL", inEnvironment: nil),
        NameCase(name: "BACKUP_REMOTE_HOST", inFile: nil, inEnvironment: nil),
        NameCase(name: "BACKUP_DIR", inFile: nil, inEnvironment: nil),
        NameCase(name: "BACKUP_IMAGE_TAG", inFile: nil, inEnvironment: nil),
        NameCase(name: "POSTGRES_INITDB_ARGS", inFile: nil, inEnvironment: nil),
        NameCase(name: "API_IMAGE_TAG", inFile: nil, inEnvironment: nil),
        NameCase(name: "TELEGRAM_BOT_TOKEN", inFile: nil, inEnvironment: nil),
        NameCase(name: "KDRIVE_USER", inFile: nil, inEnvironment: nil),
        NameCase(name: "PATH", inFile: nil, inEnvironment: nil),
        NameCase(name: "LOG_DIR", inFile: nil, inEnvironment: nil),
        NameCase(name: "COMPOSE_PROJECT_NAME", inFile: nil, inEnvironment: nil),
    ]

    @Test(
        "Names that are nearly ours are a warning with the right one, all others pass silently",
        arguments: judgedNames
    )
    func names(_ name: NameCase) {
        for (result, expected, line) in [
            (load("#\n\(name.name)=5\n"), name.inFile, 2), (load("", [name.name: "5"]), name.inEnvironment, nil),
        ] as [(ConfigurationResult, String?, Int?)] {
            #expect(result.settings != nil)
            #expect(result.findings.count == (expected == nil ? 0 : 1), "\(result.findings)")
            guard let expected, let finding = result.findings.first else { continue }
            #expect(finding.severity == .warning)
            #expect(finding.line == line)
            #expect(finding.message.contains("\"\(name.name)\""))
            #expect(finding.hint.contains(expected.isEmpty ? "docs/configuration.md" : "Did you mean \(expected)?"))
        }
    }

    @Test("The application's own file passes without a finding")
    func applicationFile() throws {
        let result = load(
            """
            POSTGRES_DB=recyclic
            POSTGRES_USER=recyclic
            POSTGRES_PASSWORD=p@ss/w:ord
            POSTGRES_HOST=postgres
            POSTGRES_PORT=5432
            DATABASE_URL=postgresql://recyclic:p@ss/w:ord@postgres:5432/recyclic
            REDIS_URL=redis://redis:6379/0
            SECRET_KEY=0123456789abcdef
            ENVIRONMENT=production
            ALLOWED_HOSTS=["localhost","127.0.0.1"]
            CORS_ALLOW_ORIGINS=https://a.example, https://b.example
            EMAIL_FROM_NAME=Recyclic Team $HOME # x
            TELEGRAM_BOT_TOKEN=1:abc
            BACKUP_REMOTE_HOST=h
            BACKUP_COMPRESSION=true
            BACKUP_COMPRESSION_LEVEL=9
            BACKUP_ENCRYPTION=false
            BACKUP_RETENTION_DAYS=30
            BACKUP_TIMEOUT_SECONDS=3600
            NOTIFICATION_EMAIL=admin@example.org
            FIRST_SUPER_ADMIN_TELEGRAM_ID=1
            LOG_LEVEL=INFO
            LIVE_RECEPTION_STATS_ENABLED=True
            """
        )
        #expect(result.findings == [])
        let settings = try #require(result.settings)
        #expect(settings.backup.compression == .zstd(level: 9))
        #expect(
            settings.retention
                == load("RETENTION_DAILY=30\nRETENTION_WEEKLY=0\nRETENTION_MONTHLY=0").settings?.retention
        )
        #expect(settings.logLevel == .info)
        #expect(settings.postgres.password?.revealed == "p@ss/w:ord")
    }

    // MARK: - Secrets

    @Test("A secret is nowhere in the result's text, its dump or its report")
    func secretsAreHidden() {
        let secret = "XyZZy42"
        let lines = SettingName.allCases.filter(\.definition.isSecret).map { name in
            switch name {
            case .databaseURL: "DATABASE_URL=postgresql://u:\(secret)@h/d"
            case .notificationSMTPURL: "NOTIFICATION_SMTP_URL=smtps://u:\(secret)@h"
            case .notificationTelegramToken: "NOTIFICATION_TELEGRAM_TOKEN=1:\(secret)"
            case .notificationTelegramAPI: "NOTIFICATION_TELEGRAM_API=https://u:\(secret)@h/\(secret)"
            case .notificationWebhookURL, .notificationPingURL:
                "\(name.rawValue)=https://u:\(secret)@h/\(secret)?\(secret)"
            default: "\(name.rawValue)='\(secret)$`'"
            }
        }
        let result = load(lines.joined(separator: "\n"))
        #expect(result.settings != nil)
        var dumped = ""
        dump(result, to: &dumped)
        let report = ConfigurationReport(result)
        for text in ["\(result)", String(reflecting: result), dumped, report.text(), "\(report)"] {
            #expect(!text.contains(secret))
        }
        #expect(report.text().contains(Secret.placeholder))
    }
}
