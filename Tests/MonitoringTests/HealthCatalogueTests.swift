import FoundationEssentials
import Monitoring
import State
import Testing

@Suite("What is wrong, in English and French")
struct HealthCatalogueTests {
    /// Every fact in every form that its sentences have.
    static let facts: [HealthFact] = {
        let trouble = HealthMeasurements.Trouble(message: "connection refused by 'db' port 5432: it's down")
        var dated = trouble
        dated.since = Date(timeIntervalSince1970: 1_795_000_000)
        dated.hint = "Start PostgreSQL: systemctl start postgresql"
        let failure = HealthMeasurements.FailedRun(jobID: JobID(number: 7), failedAt: .now, message: "the disk is full")
        let reach = HealthMeasurements.DeliveryTrouble(
            channel: "email",
            recipient: "a@example.org",
            since: Date(timeIntervalSince1970: 1_795_000_000),
            message: "the mail server refuses the recipient"
        )
        let ping = HealthMeasurements.DeliveryTrouble(
            channel: HealthMeasurements.DeliveryTrouble.ping,
            recipient: "https://hc.example.org",
            since: Date(timeIntervalSince1970: 1_795_000_000),
            message: "it answers with 404"
        )
        return [
            .stale(ageSeconds: 400), .repositoryUnusable(trouble), .repositoryUnusable(dated),
            .noBackup(ageSeconds: nil),
            .noBackup(ageSeconds: 4000), .noRestorableBackup(count: 1), .noRestorableBackup(count: 3),
            .backupAge(backupID: "b", ageSeconds: 93_600, limitSeconds: 90_000),
            .restorablePointAge(backupID: "b", ageSeconds: 30_000, limitSeconds: 21_600),
            .dumpAge(database: "a", ageSeconds: 900_000, limitSeconds: 691_200, isOnly: false),
            .dumpAge(database: nil, ageSeconds: nil, limitSeconds: 3_600, isOnly: true),
            .dumpIncomplete(backupID: "b", database: "a"),
            .databaseLeftOut(leftOut(1), isOnly: true), .databaseLeftOut(leftOut(1), isOnly: false),
            .databaseLeftOut(leftOut(2), isOnly: true), .databaseLeftOut(leftOut(120), isOnly: false),
            .lastBackupFailed(failure, ageSeconds: 60, standing: .nothing),
            .lastBackupFailed(failure, ageSeconds: 60, standing: .unknown),
            .lastBackupFailed(failure, ageSeconds: 60, standing: .backup(id: "b", ageSeconds: 90)),
            .checksumFindings(backupID: "b", count: 1, ageSeconds: 60),
            .checksumFindings(backupID: "b", count: 3, ageSeconds: 60),
            .verifyNever, .verifyAge(ageSeconds: 2e6),
            .drillFailed(backupID: "b", ageSeconds: 60, reason: nil),
            .drillFailed(backupID: "b", ageSeconds: 60, reason: "a table can't be read"),
            .drillCannotJudge(backupID: "b", ageSeconds: 60, reason: "there is no PostgreSQL 16 here"), .drillNever,
            .drillAge(ageSeconds: 4e6), .objectiveMissed(takenSeconds: 20_000, limitSeconds: 14_400, ageSeconds: 60),
            .databaseUnreachable(trouble), .databaseUnreachable(dated),
            .diskSpace(freeBytes: 3 << 30, limitBytes: 5 << 30, stopBytes: 1 << 30),
            .diskSpace(freeBytes: 3 << 20, limitBytes: 1 << 30, stopBytes: 1 << 30), .diskFilling(inSeconds: 90_000),
            .retentionBlocked(dated), .backupFromFuture(backupID: "b", aheadSeconds: 9000),
            .clockJumped(seconds: -7200, ageSeconds: 60), .clockJumped(seconds: 7200, ageSeconds: 60), .noOffsiteCopy,
            .stateNotPersistent, .alertDelivery([reach], isAnybodyReached: true),
            .alertDelivery([reach, reach], isAnybodyReached: false),
            .alertDelivery([ping], isAnybodyReached: true), .alertDelivery([reach, ping], isAnybodyReached: true),
        ]
            + (DamageKind.allCases.map { Set([$0]) } + [Set(DamageKind.allCases), []]).map {
                .verifyFailed(.init(objects: 1, backups: $0.count, kinds: $0), ageSeconds: 60)
            }
    }()

    private static func leftOut(_ count: Int) -> LeftOutDatabases {
        LeftOutDatabases(
            (1...min(count, 100)).map { number in
                .init(
                    name: "it's \(number)",
                    reason: number == 1 ? .closed : .forbidden(role: "backup"),
                    statement: "GRANT CONNECT ON DATABASE \"it's \(number)\" TO \"backup\""
                )
            },
            count: count
        )
    }

    @Test("of many databases that dumps leave out the first are named, and how many more there are")
    func manyLeftOut() {
        let fact = HealthFact.databaseLeftOut(Self.leftOut(120), isOnly: true)
        #expect(
            EnglishHealthCatalogue().text(fact).what
                == "dumps leave out 120 databases: 'it's 1', which accepts no connections; 'it's 2', to which the role 'backup' "
                + "may not connect; 'it's 3', to which the role 'backup' may not connect; and 117 more"
        )
        #expect(FrenchHealthCatalogue().text(fact).what.hasSuffix("et 117\u{00A0}autres"))
        #expect(Self.leftOut(120).texts.count == 101 && Self.leftOut(120).texts.last == "20 more databases")
        #expect(
            Self.leftOut(2).texts.last
                == #"database "it's 2", to which the role "backup" may not connect (GRANT CONNECT ON DATABASE "it's 2" TO "backup")"#
        )
    }

    @Test("pings that do not arrive are told as what they are, beside alerts that do not")
    func pings() {
        let texts = Self.facts.filter { $0.code == .alertDelivery }.map { EnglishHealthCatalogue().text($0).what }
        let since = HumanText.time(Date(timeIntervalSince1970: 1_795_000_000))
        let ping = "pings do not get through to https://hc.example.org since \(since) (it answers with 404)"
        #expect(texts.contains(ping))
        #expect(
            texts.contains { $0.hasPrefix("alerts do not get through to email a@") && $0.hasSuffix(", and \(ping)") }
        )
    }

    @Test("every reason is among what is tried here")
    func completeness() {
        #expect(Set(Self.facts.map(\.code)) == Set(HealthReasonCode.allCases))
    }

    @Test(
        "each language says what is wrong, what it means and what to run, in a sentence without an end",
        arguments: facts
    )
    func sentences(_ fact: HealthFact) {
        for text in [EnglishHealthCatalogue().text(fact), FrenchHealthCatalogue().text(fact)] {
            for part in [text.what, text.meaning, text.next] {
                #expect(
                    part.count > 10 && !part.hasSuffix(".") && !part.contains("  ") && !part.contains("\n"),
                    "\(part)"
                )
            }
            #expect(text.what.first?.isLowercase == true && text.meaning.first?.isUppercase == false)
            #expect(text.next.first?.isUppercase == true)
        }
    }

    @Test("French is set as French is", arguments: facts)
    func typography(_ fact: HealthFact) {
        let text = FrenchHealthCatalogue().text(fact)
        for part in [text.what, text.meaning, text.next] {
            // What others said, names and commands stand as they are.
            let own = part.replacing(/«\u{00A0}[^»]*\u{00A0}»/, with: "")
            #expect(!own.contains("'") && !own.contains("\""), "\(part)")
            #expect(!own.contains(/\x20[:;!?»]/) && !own.contains("« "), "\(part)")
            #expect(!own.contains(/\d\x20(s|min|h|j|o|[KMG]io)\b/), "\(part)")
            #expect(!own.contains(/[KMG]iB/) && !own.contains(/\d\.\d/), "\(part)")
        }
    }

    @Test("the words of a server and the commands are the same in both languages")
    func foreignWords() {
        let trouble = HealthMeasurements.Trouble(message: "connection refused by 'db': it's down")
        let french = FrenchHealthCatalogue().text(.databaseUnreachable(trouble))
        #expect(
            french.what
                == "la base de données est injoignable\u{00A0}: «\u{00A0}connection refused by 'db': it's down\u{00A0}»"
        )
        #expect(french.next == "Exécutez\u{00A0}: recyclicctl doctor")
    }

    @Test(
        "French figures",
        arguments: [
            (FrenchText.duration(11_520), "3 h 12 min"), (FrenchText.duration(187_200), "2 j 4 h"),
            (FrenchText.duration(0.25), "0,3 s"), (FrenchText.size(1536), "1,5 Kio"), (FrenchText.size(512), "512 o"),
            (FrenchText.count(0, "sauvegarde", "sauvegardes").text, "0 sauvegarde"),
            (FrenchText.count(2, "sauvegarde", "sauvegardes").text, "2 sauvegardes"),
            (
                FrenchText.time(Date(timeIntervalSince1970: 1_795_000_000), secondsFromUTC: 3600),
                "18/11/2026 à 12 h 06 (UTC+01:00)"
            ),
            (FrenchText.time(Date(timeIntervalSince1970: 1_795_000_000)), "18/11/2026 à 11 h 06 (UTC)"),
        ]
    )
    func figures(text: String, expected: String) {
        #expect(text.replacing("\u{00A0}", with: " ") == expected)
        #expect(!text.contains(/\d\x20[a-z]/))
    }
}
