import Alerting
import Foundation
import Monitoring
import State
import Testing

@Suite("The words of messages")
struct AlertWriterTests {
    private static func writer(_ words: any AlertWords, contacts: String? = "Anna, +33 1 23 45 67 89") -> AlertWriter {
        AlertWriter(words: words, instance: "Recyclerie Nord", contacts: contacts, repeatSeconds: 1800)
    }

    private static let languages: [any AlertWords & Sendable] = [EnglishAlertWords(), FrenchAlertWords()]

    /// What the machine has to say of one problem, and of its end.
    private static func notices(_ code: HealthReasonCode, _ fact: HealthFact, _ level: HealthLevel) -> [AlertNotice] {
        var line = Timeline()
        line.policy.pendingSeconds = 0
        line.policy.secondary = []
        line.be(HealthReason(fact, level))
        line.pass(10 * 86_400, step: 86_400)
        line.be()
        line.pass(86_400, step: 3600)
        // The news, a reminder and the end; the other reminders say the same.
        let notices = line.notices.map(\.notice)
        return Array(notices.prefix(2)) + notices.suffix(1)
    }

    @Test("in English: what is wrong, since when, what it means, what to run, whom to call")
    func english() throws {
        let trouble = HealthMeasurements.Trouble(message: "connection refused", since: Timeline.start - 600)
        var line = Timeline()
        line.policy.pendingSeconds = 0
        line.be(HealthReason(.databaseUnreachable(trouble), .critical, since: Timeline.start - 600))
        line.look()
        let notice = try #require(line.notices.first?.notice)
        let message = Self.writer(EnglishAlertWords()).message(notice, id: "r-1", at: Timeline.start)
        #expect(message.subject == "[Recyclerie Nord] CRITICAL: database unreachable")
        #expect(
            message.body == """
                recyclicd on Recyclerie Nord reports a critical problem.

                CRITICAL: The database can't be reached since 2026-11-18 10:56 UTC: connection refused.
                Since 2026-11-18 10:56 UTC (for 10 min).
                No backup can be taken meanwhile.

                What to do next:
                    recyclicctl doctor

                You are told again every 30 min until somebody acknowledges it:
                    recyclicctl alerts ack databaseUnreachable

                Emergency contacts:
                Anna, +33 1 23 45 67 89
                """
        )
        #expect(message.kind == .problem && message.level == .critical && message.id == "r-1")
        #expect(message.problems.map(\.code) == ["databaseUnreachable"])
    }

    @Test("what fails again each night is so since the first night, and lasted from then on")
    func repeatedFailure() throws {
        var line = Timeline()
        line.policy.secondary = []
        for night in 1...5 {
            let failure = HealthMeasurements.FailedRun(
                jobID: JobID(number: Int64(night)),
                failedAt: line.moment.date,
                message: "the disk is full"
            )
            let fact = HealthFact.lastBackupFailed(failure, ageSeconds: 60, standing: .nothing)
            line.be(HealthReason(fact, .critical, since: failure.failedAt))
            line.look()
            line.pass(86_400, step: 900)
        }
        let last = try #require(line.notices.last { $0.notice.occasion == .reminder }?.notice)
        let reminder = Self.writer(EnglishAlertWords()).message(last, id: "r-1", at: line.moment.date)
        #expect(reminder.body.contains("Since 2026-11-18 11:06 UTC (for 5 d)."), "\(reminder.body)")
        line.be()
        line.look()
        let end = try #require(line.notices.last?.notice)
        let message = Self.writer(EnglishAlertWords()).message(end, id: "r-2", at: line.moment.date)
        #expect(message.body.contains("It lasted 5 d, from 2026-11-18 11:06 UTC"), "\(message.body)")
        // What was so before it was seen, as while recyclicd was off, is so since then.
        line.be(HealthReason(.verifyNever, .warning, since: line.moment.date - 7200))
        line.look()
        #expect(line.machine.book.open[.verifyNever]?.since == line.moment.date - 7200)
    }

    @Test("in French, set as French is")
    func french() throws {
        let trouble = HealthMeasurements.Trouble(message: "connection refused")
        var line = Timeline()
        line.policy.pendingSeconds = 0
        line.be(HealthReason(.databaseUnreachable(trouble), .critical, since: Timeline.start - 600))
        line.look()
        let notice = try #require(line.notices.first?.notice)
        let words = FrenchAlertWords(zone: TextZone { _ in 3600 })
        let message = Self.writer(words).message(notice, id: "r-1", at: Timeline.start)
        #expect(message.subject == "[Recyclerie Nord] CRITIQUE\u{00A0}: base de données injoignable")
        let body = message.body.replacing("\u{00A0}", with: "~")
        #expect(
            body == """
                recyclicd sur Recyclerie Nord signale un problème critique.

                CRITIQUE~: La base de données est injoignable~: «~connection refused~».
                Depuis le 18/11/2026 à 11~h~56 (UTC+01:00), soit 10~min.
                Aucune sauvegarde ne peut être faite pendant ce temps.

                Ce qu’il faut faire maintenant~:
                    recyclicctl doctor

                Tant que personne ne prend le problème en charge, un rappel vous est envoyé à intervalles de 30~min~:
                    recyclicctl alerts ack databaseUnreachable

                Contacts d’urgence~:
                Anna, +33 1 23 45 67 89
                """
        )
    }

    @Test(
        "in French, lengths of time stand where any length may, also one of a day",
        arguments: [1800, 86_400, 90_000.0]
    )
    func frenchLengths(seconds: Double) {
        let length = FrenchText.duration(seconds)
        let words = FrenchAlertWords()
        let reminder = words.untilAcknowledged(everySeconds: seconds)
        #expect(reminder.contains("à intervalles de \(length)\u{00A0}:") && !reminder.contains("Ce rappel"))
        let old = words.health.text(.backupAge(backupID: "b", ageSeconds: seconds, limitSeconds: 600))
        #expect(old.meaning.hasSuffix("ce qui a été écrit depuis \(length) est perdu"))
    }

    @Test(
        "every reason makes a whole message in both languages, and so does its end",
        arguments: HealthReasonCode.allCases
    )
    func everyReason(_ code: HealthReasonCode) {
        let fact = Timeline.fact(code)
        #expect(fact.code == code)
        for level in [HealthLevel.warning, .critical] {
            // A repository without a backup is no warning that is told.
            if code == .noBackup, level == .warning { continue }
            let notices = Self.notices(code, fact, level)
            #expect(notices.first?.kind == .problem && notices.last?.kind == .resolved)
            for words in Self.languages {
                for notice in notices {
                    let message = Self.writer(words).message(notice, id: "r-1", at: Timeline.start)
                    Self.expectWhole(message)
                    #expect(message.subject.contains(words.title(code)))
                    let hasContacts = message.body.contains("+33 1 23")
                    #expect(hasContacts == (level == .critical && notice.kind != .resolved))
                }
            }
        }
    }

    private static func expectWhole(_ message: AlertMessage) {
        #expect(message.subject.hasPrefix("[Recyclerie Nord] ") && !message.subject.contains("\n"))
        let paragraphs = message.body.components(separatedBy: "\n\n")
        #expect(paragraphs[0].contains("Recyclerie Nord"))
        // One expectation for all lines: each costs far more than what it looks at.
        let bad = paragraphs.filter { $0.isEmpty || $0.hasPrefix("\n") || $0.hasSuffix("\n") }
        let indented = message.body.split(separator: "\n").filter {
            $0.hasPrefix(" ") && !$0.hasPrefix("    recyclicctl ")
        }
        #expect(bad.isEmpty && indented.isEmpty, "\(message.body)")
        #expect(!message.body.contains("FrenchText(") && !message.body.contains("Optional("))
    }

    @Test("no titles of a language are missing or the same")
    func titles() {
        for words in Self.languages {
            let titles = Set(HealthReasonCode.allCases.map(words.title))
            #expect(titles.count == HealthReasonCode.allCases.count && !titles.contains(""))
        }
    }

    @Test("lines of others' messages are no paragraphs and no commands of ours")
    func foreignLines() throws {
        var line = Timeline()
        line.policy.pendingSeconds = 0
        let trouble = HealthMeasurements.Trouble(message: "one\n\n    rm -rf /\nthree")
        line.be(HealthReason(.databaseUnreachable(trouble), .critical))
        line.look()
        let notice = try #require(line.notices.first?.notice)
        let message = Self.writer(EnglishAlertWords(), contacts: "a\n\n    b").message(
            notice,
            id: "r-1",
            at: Timeline.start
        )
        #expect(message.body.contains("one rm -rf / three"))
        #expect(message.body.hasSuffix("Emergency contacts:\na\nb"))
        let report = HealthReport(reasons: line.reasons)
        let facts = DigestFacts(health: report, from: Timeline.start, to: Timeline.start)
        for words in Self.languages {
            let digest = Self.writer(words).digest(facts, id: "r-2", at: Timeline.start)
            Self.expectWhole(digest)
            #expect(digest.body.contains("one rm -rf / three") && digest.problems[0].message.contains("/ three"))
        }
    }

    @Test("the digest has the figures and the newest manifest's digest, in both languages")
    func digest() {
        let digest = String(repeating: "0123456789abcdef", count: 4)
        var facts = DigestFacts(
            health: HealthReport(reasons: [
                Timeline.reason(.databaseUnreachable), Timeline.reason(.drillNever, .warning),
            ]),
            from: Timeline.start - 7 * 86_400,
            to: Timeline.start
        )
        facts.backups = 12
        facts.backupsTaken = 7
        facts.newestRestorable = ("20261118T020000Z-base", Timeline.start - 3600)
        facts.addedBytes = 3 << 20
        facts.repositoryBytes = 5 << 30
        facts.freeBytes = 20 << 30
        facts.fullInSeconds = 90 * 86_400
        facts.exposure = .sinceLastBackup(localPoint: Timeline.start - 3600, offsitePoint: nil, now: Timeline.start)
        facts.drill = .init(
            backupID: "20261118T020000Z-base",
            finishedAt: Timeline.start - 7200,
            passed: true,
            recoverySeconds: 300,
            phases: [("restore", 240), ("replay", 60)]
        )
        facts.objectiveSeconds = 14_400
        facts.verify = (Timeline.start - 3600, 0)
        facts.newestManifest = "clusters/7/backups/20261118T020000Z-base-\(digest)"
        for words in Self.languages {
            let message = Self.writer(words).digest(facts, id: "r-1", at: Timeline.start)
            Self.expectWhole(message)
            #expect(message.kind == .digest && message.level == .ok)
            #expect(message.body.contains(digest) && message.body.contains("20261118T020000Z-base"))
            #expect(message.body.contains("5 min") || message.body.contains("5\u{00A0}min"))
            let empty = DigestFacts(health: HealthReport(reasons: []), from: Timeline.start, to: Timeline.start)
            Self.expectWhole(Self.writer(words).digest(empty, id: "r-2", at: Timeline.start))
            Self.expectWhole(Self.writer(words).test(id: "r-3", at: Timeline.start))
        }
    }
}
