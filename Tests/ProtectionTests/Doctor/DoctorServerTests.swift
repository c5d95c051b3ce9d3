import PostgresClient
import TestSupport
import Testing

@testable import Protection

@Suite("Doctor on real servers")
struct DoctorServerTests {
    @Test("A server as it should be gives nothing wrong, and optional rights come with their GRANT, which works")
    func allGood() async throws {
        let scene = try await DoctorScene.make()
        let findings = try await scene.findings()
        #expect(findings.wrong == [])
        // The test's folder and the server's are on one disk.
        #expect(Set(findings.filter { $0.level == .warning }.map(\.code)).isSubset(of: ["noDrillUser"]))
        #expect(findings.first("connectionWorks") != nil)
        #expect(findings.first("replicationWorks")?.message.contains("replication=true") == true)
        #expect(findings.first("checksumsOn") != nil)
        #expect(findings.first("clockAgrees") != nil)
        #expect(findings.first("serverProgramsFound") != nil)
        #expect(findings.first("diskFree") != nil)
        let missing = findings.filter { $0.code == "rightMissing" }
        #expect(missing.count == SetupFeature.allCases.count)
        for (number, finding) in missing.enumerated() {
            try scene.mend(finding, as: number % 2 == 0 ? .debian : .compose)
        }
        let after = try await scene.findings()
        #expect(after.first("rightMissing") == nil)
        #expect(after.first("repositoryOnDatabaseDisk") != nil)
    }

    @Test("A role without REPLICATION is named, and the printed line gives it")
    func roleWithoutReplication() async throws {
        let scene = try await DoctorScene.make()
        for place in [Diagnosis.Place.debian, .compose] {
            try scene.server.execute("ALTER ROLE recyclic NOREPLICATION")
            let findings = try await scene.findings()
            #expect(findings.wrong == ["roleCannotReplicate"])
            try scene.mend(try #require(findings.first("roleCannotReplicate")), as: place)
            #expect(try await scene.findings().wrong == [])
        }
    }

    @Test("A role that isn't there is told from a wrong password, and what makes it is printed")
    func missingRole() async throws {
        var scene = try await DoctorScene.make()
        scene.setup.connection.user = "nobody's \"role\""
        let failure = try #require(try await scene.findings().first("authenticationFailed"))
        #expect(failure.mend.flatMap(\.lines).contains { $0.hasPrefix("recyclicd setup-sql | sudo -u postgres psql") })
    }

    @Test("Where pg_hba.conf refuses everything, the printed line lets the role in")
    func accessRefused() async throws {
        let scene = try await DoctorScene.make(password: "s3cret") { options in
            options.listensOnTCP = true
            options.authentication = .custom("local all postgres trust\nhost all all all reject\n")
        }
        let findings = try await scene.findings()
        #expect(findings.wrong == ["notInHostBasedAccess"])
        #expect(findings.first("serverNotChecked")?.level == .warning)
        let finding = try #require(findings.first("notInHostBasedAccess"))
        #expect(
            finding.mend.first { $0.place == .debian }?.lines.first
                == "sudo sed -i '1i host all recyclic 127.0.0.1/32 scram-sha-256' /etc/postgresql/15/main/pg_hba.conf"
        )
        try scene.mend(finding, as: .compose)
        try await #expect(withReloads { try await scene.findings().wrong == [] })
    }

    @Test("Where pg_hba.conf has no line for replication, the way through the database is used and said")
    func officialImage() async throws {
        let scene = try await DoctorScene.make(password: "s3cret") { options in
            options.listensOnTCP = true
            options.authentication = .custom("local all all trust\nhost all all all scram-sha-256\n")
        }
        let findings = try await scene.findings()
        #expect(findings.wrong == [])
        #expect(findings.first("replicationWorks")?.message.contains("replication=database") == true)
    }

    @Test("The official image's pg_hba.conf is fine as it is")
    func officialImageFromLoopback() async throws {
        let scene = try await DoctorScene.make(password: "s3cret") { options in
            options.listensOnTCP = true
            options.authentication = .officialImage
        }
        #expect(try await scene.findings().wrong == [])
    }

    @Test("Where only the replication line refuses with another method, a line for it is printed that works")
    func replicationMethod() async throws {
        let scene = try await DoctorScene.make(password: "s3cret") { options in
            options.listensOnTCP = true
            options.authentication = .custom(
                "local all postgres trust\nhost replication all all ldap ldapserver=127.0.0.1 ldapport=1 ldapprefix=x\nhost all all all scram-sha-256\n"
            )
        }
        let findings = try await scene.findings()
        let finding = try #require(findings.first { $0.subject == "replication" })
        #expect(finding.level == .critical)
        try scene.mend(finding, as: .compose)
        try await #expect(withReloads { try await scene.findings().wrong == [] })
    }

    @Test("A wrong password is told, without showing it")
    func wrongPassword() async throws {
        var scene = try await DoctorScene.make(password: "right") { options in
            options.listensOnTCP = true
            options.authentication = .custom("local all all trust\nhost all all all scram-sha-256\n")
        }
        scene.setup.connection.password = Password("wr0ng-secret")
        let findings = try await scene.findings()
        #expect(findings.wrong == ["authenticationFailed"])
        #expect(!"\(findings)".contains("wr0ng-secret"))
        let lines = try #require(findings.first("authenticationFailed")).mend.flatMap(\.lines)
        #expect(lines.contains("POSTGRES_PASSWORD='…'"))
        #expect(lines.contains(#"sudo -u postgres psql -d postgres -c '\password "recyclic"'"#))
    }

    @Test("A missing database is told, and the printed line makes it")
    func missingDatabase() async throws {
        var scene = try await DoctorScene.make()
        for place in [Diagnosis.Place.debian, .compose] {
            scene.setup.connection.database = "Stock \"\(place)\""
            let findings = try await scene.findings()
            #expect(findings.wrong == ["databaseMissing"])
            var finding = try #require(findings.first("databaseMissing"))
            finding.mend = finding.mend.map { mend in
                Diagnosis.Mend(mend.place, mend.lines.filter { !$0.hasPrefix("POSTGRES_DB=") })
            }
            try scene.mend(finding, as: place)
            #expect(try await scene.findings().wrong == [])
        }
    }

    @Test("wal_level=minimal is told, and the printed lines mend it")
    func minimalWAL() async throws {
        let scene = try await DoctorScene.make { options in
            options.settings["wal_level"] = "minimal"
            options.settings["max_wal_senders"] = "0"
        }
        for place in [Diagnosis.Place.debian, .compose] {
            let findings = try await scene.findings()
            #expect(findings.wrong == ["walLevelMinimal"])
            try scene.mend(try #require(findings.first("walLevelMinimal")), as: place)
            #expect(try await scene.findings().wrong == [])
            try scene.server.execute("ALTER SYSTEM RESET ALL")
            try scene.server.restart()
        }
    }

    @Test("Settings that endanger data or fill the disk are told, and the printed lines mend them")
    func settings() async throws {
        let scene = try await DoctorScene.make { options in
            options.hasChecksums = false
            options.settings["fsync"] = "off"
            options.settings["full_page_writes"] = "off"
            options.settings["max_slot_wal_keep_size"] = "-1"
            options.settings["max_wal_senders"] = "1"
            options.settings["max_replication_slots"] = "0"
        }
        let findings = try await scene.findings()
        #expect(findings.wrong == ["noFreeWALSender", "noFreeReplicationSlot", "crashUnsafe", "crashUnsafe"])
        #expect(findings.first("slotsUnbounded")?.level == .warning)
        #expect(findings.first("checksumsOff")?.level == .warning)
        for finding in findings where finding.subject == "server settings" && finding.level > .ok {
            guard finding.code != "checksumsOff" else { continue }
            try scene.mend(finding, as: finding.level == .warning ? .compose : .debian)
        }
        try await #expect(
            withReloads {
                let after = try await scene.findings()
                return after.wrong == [] && after.first("slotBound") != nil
            }
        )
    }

    @Test("A standby is refused with a sentence")
    func standby() async throws {
        let scene = try await DoctorScene.make()
        try scene.server.stop()
        try Program.check("touch", ["\(scene.server.dataDirectory)/standby.signal"])
        if let user = scene.server.user {
            try Program.check("chown", [user.name, "\(scene.server.dataDirectory)/standby.signal"])
        }
        try scene.server.start()
        #expect(try await scene.findings().wrong == ["serverIsStandby"])
    }

    @Test("A host without an address gets the port to publish, exactly as docker-compose.yml wants it")
    func unknownHost() async throws {
        let folder = try TemporaryDirectory(prefix: "doc")
        let connection = ConnectionSettings(host: "postgres", user: "recyclic", database: "recyclic")
        let scene = DoctorProbe(DoctorScene.setup(connection, in: folder))
        var facts = try await scene.facts()
        // A network may well answer for such a name; what follows from an answer that there is none is the same.
        if facts.resolution == .found || facts.resolution == .timedOut {
            facts.resolution = .failed("name or service not known")
        }
        let findings = Diagnosis.findings(facts)
        #expect(findings.wrong == ["hostNotFound"])
        let compose = try #require(findings.first("hostNotFound")?.mend.first { $0.place == .compose })
        #expect(
            compose.lines == [
                "# in docker-compose.yml, in the service \"postgres\":", "    ports:",
                "      - \"127.0.0.1:5432:5432\"", "# then:", "docker compose up -d postgres",
                "# in /etc/recyclic/recyclicd.env:", "POSTGRES_HOST=127.0.0.1",
            ]
        )
    }

    @Test("Nothing listening, on a port or on a socket, is told with how to start the server")
    func nothingListens() async throws {
        let folder = try TemporaryDirectory(prefix: "doc")
        var connection = ConnectionSettings(port: try freePort(), user: "recyclic", database: "recyclic")
        let refused = try await DoctorProbe(DoctorScene.setup(connection, in: folder)).facts()
        #expect(Diagnosis.findings(refused).wrong == ["connectionRefused"])
        connection.host = folder.path
        let absent = try await DoctorProbe(DoctorScene.setup(connection, in: folder)).facts()
        let findings = Diagnosis.findings(absent)
        #expect(findings.wrong.count == 1)
        #expect(findings.flatMap(\.mend).flatMap(\.lines).contains("sudo systemctl start postgresql"))
    }

    /// Whether `body` comes true within 10 s: a reload is in force a moment after it was asked for.
    private func withReloads(_ body: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if try await body() { return true }
        }
        return false
    }
}
