import PostgresClient
import Testing

@testable import Protection

@Suite("Diagnosis")
struct DiagnosisTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let level: Diagnosis.Level
        /// A line that must be among those that mend it.
        let line: String?
        let change: @Sendable (inout DoctorFacts) -> Void

        init(
            _ level: Diagnosis.Level,
            _ code: String,
            _ what: String,
            line: String? = nil,
            _ change: @escaping @Sendable (inout DoctorFacts) -> Void
        ) {
            self.level = level
            self.code = code
            self.line = line
            self.change = change
            testDescription = what
        }
    }

    @Test("Facts that are all right give no finding that isn't")
    func healthy() {
        let findings = Diagnosis.findings(.healthy)
        #expect(findings.allSatisfy { $0.level == .ok && $0.mend.isEmpty })
        #expect(findings.count > 12)
    }

    @Test("Each fact that is wrong gives its finding, and lines that mend it on every kind of system", arguments: table)
    func finding(item: Case) throws {
        var facts = DoctorFacts.healthy
        item.change(&facts)
        let findings = Diagnosis.findings(facts)
        let finding = try #require(findings.first { $0.code == item.code })
        #expect(finding.level == item.level)
        if let line = item.line { #expect(finding.mend.contains { $0.lines.contains(line) }, "\(finding.mend)") }
        for bad in findings where bad.level > .ok {
            let places = Set(bad.mend.map(\.place))
            #expect(places.contains(.any) || places.isSuperset(of: [.debian, .compose]), "\(bad.code)")
            #expect(bad.mend.allSatisfy { !$0.lines.isEmpty && $0.lines.allSatisfy { !$0.contains("\n") } })
        }
    }

    private static let table = configuration + connection + server + machine

    private static let configuration = [
        Case(.critical, "configurationError", "error", line: "recyclicd check-config") {
            $0.setup.remarks = [.init(isError: true, message: "f:3: \"BACKUP_TIME\" is \"x\"", hint: "Write 2.")]
        },
        Case(.warning, "configurationWarning", "warning", line: "# Write 2.") {
            $0.setup.remarks = [.init(isError: false, message: "odd", hint: "Write 2.")]
        },
        Case(.warning, "timeZoneUnknown", "no zone", line: "BACKUP_TIMEZONE=Europe/Paris") {
            $0.setup.isTimeZoneGuessed = true
        },
    ]

    private static let connection = [
        Case(.critical, "hostNotFound", "no address", line: "      - \"127.0.0.1:5432:5432\"") {
            $0.setup.connection.host = "db"
            $0.resolution = .failed("name or service not known")
            $0.connection = .notTried
        },
        Case(.critical, "nameServerSilent", "no name server", line: "resolvectl status") {
            $0.resolution = .timedOut
            $0.connection = .notTried
        },
        Case(.critical, "connectionRefused", "refused", line: "sudo systemctl start postgresql") {
            $0.connection = .failed(PostgresError(.connectionRefused, "connection refused"))
        },
        Case(.critical, "connectTimedOut", "time-out", line: "docker compose up -d postgres") {
            $0.connection = .failed(PostgresError(.connectTimedOut, "timeout expired"))
        },
        Case(
            .critical,
            "authenticationFailed",
            "peer",
            line: "recyclicd setup-sql | sudo -u postgres psql -d recyclic"
        ) {
            $0.setup.connection.host = "/var/run/postgresql"
            let message = "Peer authentication failed for user \"recyclic\""
            $0.connection = .failed(PostgresError(.authenticationFailed, message, sqlState: "28000"))
        },
        Case(.critical, "databaseMissing", "no database", line: "sudo -u postgres psql -d postgres -c '\\l'") {
            $0.connection = .failed(PostgresError(.databaseMissing, "no database", sqlState: "3D000"))
        },
        Case(.critical, "tlsFailed", "TLS", line: "POSTGRES_SSLMODE=prefer") {
            $0.setup.connection.sslMode = .require
            $0.connection = .failed(PostgresError(.tlsFailed, "server does not support SSL"))
        },
        Case(.critical, "tlsFailed", "certificate", line: "POSTGRES_SSLMODE=require") {
            $0.setup.connection.sslMode = .verifyFull
            $0.connection = .failed(PostgresError(.tlsFailed, "certificate verify failed"))
        },
        Case(.critical, "permissionDenied", "no CONNECT") {
            $0.connection = .failed(PostgresError(.permissionDenied, "denied", sqlState: "42501"))
        },
        Case(.critical, "tooManyConnections", "full") {
            $0.connection = .failed(PostgresError(.tooManyConnections, "too many clients", sqlState: "53300"))
        },
        Case(.critical, "serverNotReady", "starting", line: "docker compose logs --tail 20 postgres") {
            $0.connection = .failed(PostgresError(.serverNotReady, "starting up", sqlState: "57P03"))
        },
        Case(.critical, "protocolViolation", "nonsense") {
            $0.connection = .failed(PostgresError(.protocolViolation, "nonsense"))
        },
        Case(
            .critical,
            "notInHostBasedAccess",
            "pg_hba.conf, in another language",
            line: "sudo sed -i '1i host all recyclic 172.18.0.1/32 scram-sha-256' /etc/postgresql/15/main/pg_hba.conf"
        ) {
            let message = """
                connection to server at "127.0.0.1", port 5432 failed: keine pg_hba.conf-Zeile für Host "172.18.0.1", \
                Benutzer "recyclic"
                """
            $0.connection = .failed(PostgresError(.notInHostBasedAccess, message, sqlState: "28000"))
        },
        Case(.critical, "replicationNotInHostBasedAccess", "pg_hba.conf, replication only") {
            $0.replication = .failed(PostgresError(.notInHostBasedAccess, "host \"::1\"", sqlState: "28000"))
        },
    ]

    private static let server = [
        Case(.critical, "serverTooOld", "PostgreSQL 14") { $0.with { $0.version = ServerVersion(number: 140011) } },
        Case(.critical, "serverIsStandby", "standby") { $0.with { $0.isInRecovery = true } },
        Case(.warning, "serverAnswersPartly", "an unanswered question") { $0.with { $0.unanswered = ["size: no"] } },
        Case(
            .critical,
            "roleCannotReplicate",
            "no REPLICATION",
            line: #"sudo -u postgres psql -d postgres -c 'ALTER ROLE "recyclic" LOGIN REPLICATION;'"#
        ) { $0.with { $0.role?.canReplicate = false } },
        Case(.ok, "roleIsSuperuser", "superuser") { $0.with { $0.role?.isSuperuser = true } },
        Case(
            .ok,
            "rightMissing",
            "no pg_monitor",
            line: #"sudo -u postgres psql -d recyclic -c 'GRANT pg_monitor TO "recyclic";'"#
        ) { $0.with { $0.role?.features = [.readData, .restorePoints] } },
        Case(.critical, "walLevelMinimal", "wal_level", line: "docker compose restart postgres") {
            $0.with { $0.settings["wal_level"] = .init("minimal") }
        },
        Case(
            .critical,
            "walLevelMinimal",
            "wal_level on the command line",
            line:
                "# first take wal_level out of \"command:\" in docker-compose.yml, which wins: docker compose up -d postgres"
        ) { $0.with { $0.settings["wal_level"] = .init("minimal", source: "command line") } },
        Case(.critical, "noFreeWALSender", "one sender left") { $0.with { $0.walSendersInUse = 9 } },
        Case(.critical, "noFreeReplicationSlot", "no slot left") { $0.with { $0.slotsInUse = 10 } },
        Case(
            .warning,
            "slotsUnbounded",
            "no bound",
            line: "sudo -u postgres psql -d postgres -c \"ALTER SYSTEM SET max_slot_wal_keep_size = '4GB';\""
        ) { $0.with { $0.settings["max_slot_wal_keep_size"] = .init("-1") } },
        Case(.warning, "checksumsOff", "no checksums", line: "docker compose stop postgres") {
            $0.with { $0.settings["data_checksums"] = .init("off") }
        },
        Case(.critical, "crashUnsafe", "fsync") { $0.with { $0.settings["fsync"] = .init("off") } },
        Case(.critical, "crashUnsafe", "full_page_writes") {
            $0.with { $0.settings["full_page_writes"] = .init("off") }
        },
        Case(.warning, "clocksDiffer", "6 s") { $0.with { $0.clockOffsetSeconds = -6 } },
        Case(.critical, "clocksDiffer", "61 s", line: "sudo timedatectl set-ntp true") {
            $0.with { $0.clockOffsetSeconds = 61 }
        },
    ]

    @Test(
        arguments: [
            ("0::/system.slice/recyclicd.service\n", "recyclicd.service"),
            (
                "9:name=systemd:/\n0::/system.slice/system-recyclicd.slice/recyclicd@shop.service\n",
                "recyclicd@shop.service"
            ),
            ("0::/user.slice/user-0.slice/session-1.scope\n", nil), ("0::/\n", nil), ("", nil),
        ] as [(String, String?)]
    )
    func `The unit is known by the control group`(text: String, unit: String?) {
        #expect(LocalMachine.serviceName(controlGroups: text) == unit)
    }

    private static let machine = [
        Case(.critical, "diskSilent", "dead disk") { $0.repository = nil },
        Case(.critical, "folderUnusable", "a file") { $0.repository?.presence = .unusable("it is not a folder") },
        Case(.critical, "folderNotWritable", "somebody else's folder") {
            $0.state?.presence = .folder
            $0.state?.isWritable = false
        },
        Case(
            .critical,
            "folderNotWritable",
            "can't be made",
            line: "sudo install -d -m 0711 -o recyclic /var/lib/recyclic/repository"
        ) {
            $0.repository?.presence = .absent
            $0.repository?.isWritable = false
        },
        Case(
            .critical,
            "folderClosed",
            "from within recyclicd@shop",
            line: "ReadWritePaths=/var/lib/recyclic/repository"
        ) {
            $0.unit = "recyclicd@shop.service"
            $0.repository?.isReadOnlyMount = true
            $0.repository?.isWritable = false
        },
        Case(.critical, "folderClosed", "may write to its own folders only", line: "ProtectHome=no") {
            $0.unit = "recyclicd.service"
            $0.setup.repository = "/home/backup"
            $0.repository?.presence = .unusable("permission denied")
            $0.repository?.isWritable = false
        },
        Case(.critical, "diskFull", "no room") { $0.repository?.freeBytes = (1 << 30) - 1 },
        Case(.warning, "diskNearlyFull", "little room") { $0.repository?.freeBytes = (5 << 30) - 1 },
        Case(.warning, "diskSmall", "no room for a first backup") { $0.with { $0.databaseBytes = 51 << 30 } },
        Case(.warning, "diskSmallForDrills", "no room for a drill") { $0.scratch?.freeBytes = 1 << 30 },
        Case(.ok, "diskUnknown", "hidden data directory") { $0.databaseDisk = nil },
        Case(
            .warning,
            "repositoryOnDatabaseDisk",
            "one disk",
            line: "BACKUP_REPOSITORY=/mnt/backup/recyclic/repository"
        ) {
            $0.databaseDisk = .init(device: 1, path: "/var/lib/postgresql/15/main")
        },
        Case(.warning, "serverProgramsMissing", "no programs", line: "apt-get install postgresql-15") {
            $0.programs = nil
        },
        Case(
            .warning,
            "serverProgramsMissing",
            "programs that Debian does not have",
            line: "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y"
        ) {
            $0.programs = nil
            $0.with { $0.version = ServerVersion(number: 170002) }
        },
        Case(.warning, "noDrillUser", "nobody", line: "do this") {
            $0.drillIdentity = .none(reason: "nobody can", hints: ["do this"])
        },
    ]

    @Test("A configuration with errors says what is wrong, and that the rest was not looked at")
    func refused() {
        let findings = Diagnosis.refused([.init(isError: true, message: "bad")])
        #expect(findings.map(\.level) == [.critical, .warning])
    }

    @Test(
        "Words for the shell survive it",
        arguments: [
            ("plain-1.2", "plain-1.2"), ("", "''"), ("a b", "'a b'"), ("it's", "\"it's\""),
            ("it's $x", "'it'\\''s $x'"),
        ]
    )
    func shellWords(text: String, word: String) {
        #expect(ShellText.word(text) == word)
    }

    @Test("Names for pg_hba.conf are quoted where they are keywords or hold more than plain letters")
    func accessNames() {
        #expect(HostBasedAccess.name("recyclic_1") == "recyclic_1")
        #expect(HostBasedAccess.name("all") == "\"all\"")
        #expect(HostBasedAccess.name("Re\"c") == "\"Re\"\"c\"")
    }
}

extension DoctorFacts {
    /// A set-up with nothing wrong.
    static var healthy: DoctorFacts {
        let connection = ConnectionSettings(user: "recyclic", password: Password("secret"), database: "recyclic")
        let setup = DoctorSetup(
            connection: connection,
            repository: "/var/lib/recyclic/repository",
            stateDirectory: "/var/lib/recyclic",
            drillDirectory: "/var/lib/recyclic/drills",
            timeZone: "Europe/Paris"
        )
        var server = Server(version: ServerVersion(number: 150018))
        server.isInRecovery = false
        server.role = Role()
        server.settings = [
            "wal_level": .init("replica"), "max_wal_senders": .init("10"), "max_replication_slots": .init("10"),
            "max_slot_wal_keep_size": .init("4096"), "data_checksums": .init("on"), "fsync": .init("on"),
            "full_page_writes": .init("on"), "data_directory": .init("/var/lib/postgresql/15/main"),
        ]
        server.walSendersInUse = 1
        server.slotsInUse = 1
        server.databaseBytes = 2 << 30
        server.clockOffsetSeconds = 0.2
        var facts = DoctorFacts(setup: setup, user: "recyclic")
        facts.connection = .to(server)
        facts.replication = .works(.physical)
        var folder = Folder(path: "/var/lib/recyclic/repository", presence: .folder, isWritable: true)
        folder.device = 1
        folder.freeBytes = 50 << 30
        facts.repository = folder
        facts.state = Folder(path: "/var/lib/recyclic", presence: .folder, isWritable: true)
        facts.scratch = folder
        facts.databaseDisk = DatabaseDisk(device: 2, path: "/var/lib/postgresql/15/main")
        facts.programs = "/usr/lib/postgresql/15/bin"
        facts.drillIdentity = .user("recyclic")
        return facts
    }

    /// Changes the server.
    mutating func with(_ change: (inout Server) -> Void) {
        guard var server else { return }
        change(&server)
        connection = .to(server)
    }
}
