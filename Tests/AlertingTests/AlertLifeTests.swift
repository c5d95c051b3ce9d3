import Alerting
import Foundation
import Monitoring
import State
import Testing

@Suite("The life of an alert")
struct AlertLifeTests {
    private var line = Timeline()

    @Test("a problem that may come and go is told when it has lasted, and is over when it was gone for as long")
    mutating func settling() {
        line.be(Timeline.reason(.databaseUnreachable))
        line.pass(115)
        #expect(line.state(.databaseUnreachable) == .pending && line.told() == [])
        line.pass(10)
        #expect(line.state(.databaseUnreachable) == .firing)
        #expect(line.told() == ["problem !databaseUnreachable to chief"])
        line.be()
        line.pass(115)
        #expect(line.told() == [] && line.state(.databaseUnreachable) == .firing)
        line.pass(10)
        #expect(line.told() == ["resolved !databaseUnreachable to chief"])
        #expect(line.state(.databaseUnreachable) == nil)
    }

    @Test("a moment's trouble is told to nobody")
    mutating func blip() {
        line.be(Timeline.reason(.databaseUnreachable))
        line.pass(60)
        line.be()
        line.pass(3600)
        #expect(line.told() == [])
        #expect(line.machine.book.open.isEmpty)
    }

    @Test("what comes and goes faster than it would fire is told all the same, once")
    mutating func flapping() {
        for _ in 0..<60 {
            line.be(Timeline.reason(.databaseUnreachable))
            line.pass(30)
            line.be()
            line.pass(30)
        }
        let told = line.told()
        #expect(told.first == "problem !databaseUnreachable to chief")
        // In this hour: the first message, the escalation with the reminder, and no end of it.
        #expect(!told.contains { $0.hasPrefix("resolved") } && told.count <= 4, "\(told)")
    }

    @Test("each time it comes back shortly after, it must be gone for longer until it is over")
    mutating func damping() {
        var ends: [Double] = []
        for _ in 0..<6 {
            line.be(Timeline.reason(.databaseUnreachable))
            line.pass(130)
            line.acknowledge(.databaseUnreachable)
            line.be()
            let begin = line.moment.seconds
            while line.state(.databaseUnreachable) != nil { line.pass(5) }
            ends.append(line.moment.seconds - begin)
        }
        #expect(ends == ends.sorted() && ends[1] > ends[0] && ends[5] <= 1810, "\(ends)")
    }

    @Test("what cannot come and go is told at once, and over at once")
    mutating func definite() {
        line.be(Timeline.reason(.verifyFailed))
        line.look()
        #expect(line.told() == ["problem !verifyFailed to chief"])
        line.be()
        line.pass(5)
        #expect(line.told() == ["resolved !verifyFailed to chief"])
    }

    @Test("what can't be judged is not over: it stays as it is, acknowledged or waiting")
    mutating func blind() {
        line.be(
            Timeline.reason(.verifyFailed),
            Timeline.reason(.objectiveMissed),
            Timeline.reason(.drillNever, .warning)
        )
        line.look()
        line.acknowledge(.verifyFailed, .objectiveMissed)
        line.pass(7 * 86_400, step: 3600)
        _ = line.told()
        line.isBlind = true
        line.pass(600)
        line.isBlind = false
        line.pass(86_400 - 1200, step: 60)
        #expect(line.told() == [] && line.state(.verifyFailed) == .acknowledged)
        // The eight days were counted from the beginning.
        line.pass(660)
        #expect(line.told() == ["problem drillNever to chief"])
        line.isBlind = true
        line.be()
        line.pass(3600)
        #expect(line.state(.verifyFailed) == .acknowledged)
        line.isBlind = false
        line.look()
        let ends = line.told().suffix(2)
        #expect(
            ends == [
                "resolved !verifyFailed,drillNever,!objectiveMissed to chief", "resolved !objectiveMissed to deputy",
            ]
        )
    }

    @Test("time in which nothing could be judged is time neither without a problem nor with a milder one")
    mutating func unjudgedTime() {
        line.be(Timeline.reason(.diskSpace), Timeline.reason(.databaseUnreachable))
        line.pass(300)
        line.be(Timeline.reason(.diskSpace, .warning))
        line.pass(60)
        _ = line.told()
        line.isBlind = true
        line.pass(4 * 3600)
        _ = line.told()
        line.isBlind = false
        line.pass(30)
        #expect(line.told() == [] && line.state(.databaseUnreachable) == .firing)
        #expect(line.machine.book.open[.diskSpace]?.level == .critical)
        line.pass(60)
        #expect(line.told() == ["resolved !databaseUnreachable to chief+deputy"])
        #expect(line.machine.book.open[.diskSpace]?.level == .warning)
    }

    @Test("figures that are old for a moment, as after a pause of the machine, are told to nobody")
    mutating func stale() {
        line.be(Timeline.reason(.stale))
        line.pass(60)
        line.be()
        line.pass(600)
        #expect(line.told() == [] && line.machine.book.open.isEmpty)
        line.be(Timeline.reason(.stale))
        line.pass(130)
        #expect(line.told() == ["problem !stale to chief"])
    }

    /// Writes something down, changes the text, and reads it back.
    private static func reread<Value: Codable>(_ value: Value, _ change: (String) -> String) throws -> Value {
        let text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        let changed = change(text)
        try #require(changed != text, "\(text)")
        return try JSONDecoder().decode(Value.self, from: Data(changed.utf8))
    }

    @Test(
        "a failed backup as earlier versions wrote it is read, so that whoever acknowledged it is not told again",
        arguments: [
            (#","standing":{"id":"b","ageSeconds":60}"#, HealthFact.Standing.backup(id: "b", ageSeconds: 60)),
            ("", .nothing),
        ]
    )
    mutating func earlier(written: String, expected: HealthFact.Standing) throws {
        line.be(Timeline.reason(.lastBackupFailed))
        line.look()
        line.acknowledge(.lastBackupFailed)
        let alert = try #require(line.machine.book.open[.lastBackupFailed])
        let read = try Self.reread(alert) { text in
            text.replacing(#","standing":{"nothing":{}}"#, with: written)
                .replacing(#""standing":{"nothing":{}},"#, with: written.isEmpty ? "" : written.dropFirst() + ",")
        }
        guard case .lastBackupFailed(_, let age, let standing) = read.reason.fact else {
            Issue.record("it is \(read.reason.fact)")
            return
        }
        #expect(standing == expected && age == 60 && read.acknowledgement == alert.acknowledgement)
        line.machine = AlertStateMachine(AlertBook(open: [read], silences: [], memory: line.machine.book.memory))
        line.pass(7200)
        #expect(line.told() == ["problem !lastBackupFailed to chief"])
    }

    @Test("an end that can't be read takes nothing else of the memory with it")
    mutating func unreadableEnd() throws {
        line.policy.messagesPerHour = 2
        let reasons = [Timeline.reason(.verifyFailed), Timeline.reason(.lastBackupFailed)]
        line.reasons = reasons
        line.look()
        line.reasons = reasons + [Timeline.reason(.drillFailed)]
        line.look()
        line.be()
        line.look()
        _ = line.told()
        let memory = try Self.reread(line.machine.book.memory) { text in
            text.replacing(#"{"lastBackupFailed":"#, with: #"{"wordOfAnotherVersion":"#)
        }
        line.machine = AlertStateMachine(AlertBook(open: [], silences: [], memory: memory))
        line.pass(4000)
        #expect(line.told() == ["resolved summary !verifyFailed,!drillFailed to chief"])
    }

    @Test("what begins at one look is one message")
    mutating func grouping() {
        line.be(
            Timeline.reason(.retentionBlocked, .warning),
            Timeline.reason(.verifyFailed),
            Timeline.reason(.drillFailed)
        )
        line.look()
        #expect(line.told() == ["problem !verifyFailed,!drillFailed,retentionBlocked to chief"])
    }

    @Test("nobody acknowledged: told every 30 minutes, all of it in one message, and to the second list from then on")
    mutating func repetition() {
        line.be(Timeline.reason(.verifyFailed))
        line.look()
        line.pass(600)
        line.reasons.append(Timeline.reason(.retentionBlocked, .warning))
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed to chief", "problem retentionBlocked to chief"])
        line.pass(1185)
        #expect(line.told() == [])
        line.pass(10)
        #expect(
            line.told() == [
                "problem reminder !verifyFailed,retentionBlocked to chief", "escalation !verifyFailed to deputy",
            ]
        )
        line.pass(1800)
        #expect(
            line.told() == [
                "problem reminder !verifyFailed,retentionBlocked to chief",
                "escalation reminder !verifyFailed to deputy",
            ]
        )
    }

    @Test("a warning is never escalated")
    mutating func warning() {
        line.be(Timeline.reason(.retentionBlocked, .warning))
        line.pass(4 * 3600)
        #expect(!line.told().contains { $0.contains("deputy") })
    }

    @Test("an objective that is missed goes to both lists at once")
    mutating func objective() {
        line.be(Timeline.reason(.objectiveMissed))
        line.look()
        #expect(line.told() == ["problem !objectiveMissed to chief", "escalation !objectiveMissed to deputy"])
    }

    @Test("that alerts reach nobody who is told first goes to those who come second at once, and says so")
    mutating func nobodyReached() throws {
        line.be(Timeline.reason(.alertDelivery, .warning))
        line.pass(3600)
        #expect(!line.told().contains { $0.contains("deputy") })
        line.be(Timeline.reason(.alertDelivery, .critical))
        line.pass(5)
        #expect(line.told() == ["problem !alertDelivery to chief", "escalation !alertDelivery to deputy"])
        // One that is critical from the start waits for nothing but to have lasted.
        line = Timeline()
        line.be(Timeline.reason(.alertDelivery, .critical))
        line.pass(125)
        let notice = try #require(line.notices.last?.notice)
        #expect(line.told() == ["problem !alertDelivery to chief", "escalation !alertDelivery to deputy"])
        let words: [(any AlertWords, String)] = [
            (EnglishAlertWords(), "because alerts reach nobody of those who are told first"),
            (FrenchAlertWords(), "les alertes n\u{2019}arrivent à aucun des premiers destinataires"),
        ]
        for (language, said) in words {
            #expect(language.opening(notice, instance: "i").contains(said))
        }
    }

    @Test("acknowledged is quiet until it gets worse")
    mutating func acknowledgement() {
        line.be(Timeline.reason(.diskSpace, .warning))
        line.pass(130)
        line.acknowledge(.diskSpace)
        _ = line.told()
        line.pass(86_400, step: 60)
        #expect(line.told() == [] && line.state(.diskSpace) == .acknowledged)
        line.be(Timeline.reason(.diskSpace, .critical))
        line.pass(5)
        #expect(line.told() == ["problem !diskSpace to chief"])
        #expect(line.state(.diskSpace) == .firing)
        line.pass(1800)
        #expect(line.told().contains("escalation !diskSpace to deputy"))
    }

    /// What was acknowledged, what comes of it, and whether that is told at once and after half a day.
    private static let growths: [(HealthFact, HealthFact, isTold: Bool, isToldLater: Bool)] = [
        (damage(1, 1), damage(5000, 1), true, true), (damage(1, 1), damage(1, 2), true, true),
        (damage(9, 3), damage(8, 3), false, false), (damage(9, 3), damage(9, 3), false, false),
        (findings("a", 3), findings("a", 4), true, true),
        // The same damage in the next night's backup.
        (findings("a", 3), findings("b", 3), false, false), (findings("a", 3), findings("b", 2), false, false),
        (drill("a"), drill("a"), false, false), (drill("a"), drill("b"), false, true),
        (failed(7), failed(7), false, false), (failed(7), failed(8), false, true),
        (leftOut("a"), leftOut("a", "b"), true, true), (leftOut("a", "b"), leftOut("b"), false, false),
        (leftOut("a", "b"), leftOut("a", "c"), true, true),
        (unreached("a"), unreached("a", "b"), true, true), (unreached("a", "b"), unreached("b"), false, false),
    ]

    private static func damage(_ objects: Int, _ backups: Int) -> HealthFact {
        .verifyFailed(.init(objects: objects, backups: backups, kinds: [.chunks]), ageSeconds: 60)
    }

    private static func findings(_ id: String, _ count: Int) -> HealthFact {
        .checksumFindings(backupID: id, count: count, ageSeconds: 60)
    }

    private static func drill(_ id: String) -> HealthFact { .drillFailed(backupID: id, ageSeconds: 60, reason: nil) }

    private static func failed(_ job: Int64) -> HealthFact {
        .lastBackupFailed(
            .init(jobID: JobID(number: job), failedAt: Timeline.start, message: "the disk is full"),
            ageSeconds: 60,
            standing: .unknown
        )
    }

    private static func leftOut(_ names: String...) -> HealthFact {
        .databaseLeftOut(
            LeftOutDatabases(names.map { .init(name: $0, reason: .closed, statement: "ALTER") }),
            isOnly: true
        )
    }

    private static func unreached(_ recipients: String...) -> HealthFact {
        .alertDelivery(
            recipients.map { .init(channel: "email", recipient: $0, since: Timeline.start, message: "refused") },
            isAnybodyReached: true
        )
    }

    @Test("acknowledged is quiet until there is more of it, or until it happens again later", arguments: 0..<16)
    mutating func growth(row: Int) {
        let (known, grown, isTold, isToldLater) = Self.growths[row]
        for (pause, isExpected) in [(3600.0, isTold), (13 * 3600, isToldLater)] {
            line = Timeline()
            line.restarts = true
            line.be(HealthReason(known, .warning))
            line.pass(130)
            line.acknowledge(known.code)
            line.pass(pause, step: 60)
            _ = line.told()
            line.be(HealthReason(grown, .warning))
            line.pass(5)
            #expect(line.told() == (isExpected ? ["problem \(known.code) to chief"] : []))
            #expect(line.state(known.code) == (isExpected ? .firing : .acknowledged))
            // Time alone adds nothing.
            line.pass(1200)
            #expect(line.told() == [])
            guard !isExpected else { continue }
            line.pass(20 * 3600, step: 60)
            #expect(line.told() == [] && line.state(known.code) == .acknowledged)
        }
    }

    @Test("acknowledged in time is never escalated, and its end is told to those who saw it")
    mutating func inTime() {
        line.be(Timeline.reason(.verifyFailed))
        line.pass(1700)
        line.acknowledge(.verifyFailed)
        line.pass(7200)
        line.be()
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed to chief", "resolved !verifyFailed to chief"])
    }

    @Test("what was acknowledged, is over and comes back is told again")
    mutating func recurrence() {
        line.be(Timeline.reason(.verifyFailed))
        line.look()
        line.acknowledge(.verifyFailed)
        line.be()
        line.pass(7200)
        line.be(Timeline.reason(.verifyFailed))
        line.pass(5)
        #expect(line.told().last == "problem !verifyFailed to chief")
    }

    @Test("getting better is no end, and wakes nobody who knows")
    mutating func improvement() {
        line.be(Timeline.reason(.diskSpace, .critical))
        line.look()
        line.acknowledge(.diskSpace)
        _ = line.told()
        line.be(Timeline.reason(.diskSpace, .warning))
        line.pass(300)
        #expect(line.told() == [] && line.machine.book.open[.diskSpace]?.level == .warning)
        #expect(line.state(.diskSpace) == .acknowledged)
    }

    /// What is replaced by what, and the message that tells their end.
    private static let replacements: [(HealthReasonCode, HealthReasonCode, String)] = [
        (.diskFilling, .diskSpace, "!diskSpace,diskFilling"),
        (.backupAge, .noRestorableBackup, "backupAge,!noRestorableBackup"),
        (.restorablePointAge, .backupAge, "restorablePointAge,!backupAge"),
        (.noRestorableBackup, .noBackup, "noRestorableBackup,!noBackup"),
        (.drillAge, .drillFailed, "drillAge,!drillFailed"),
        (.drillCannotJudge, .drillFailed, "drillCannotJudge,!drillFailed"),
    ]

    @Test("what something worse takes the place of is not over; both ends are told together", arguments: 0..<6)
    mutating func replacement(row: Int) {
        let (first, second, end) = Self.replacements[row]
        line.restarts = true
        line.policy.secondary = []
        line.be(Timeline.reason(first, .warning))
        line.pass(600)
        line.be(Timeline.reason(second, .critical))
        line.pass(900)
        #expect(line.told() == ["problem \(first) to chief", "problem !\(second) to chief"])
        #expect(line.state(first) == nil && line.state(second) == .firing)
        line.be()
        line.pass(300)
        let last = line.told()
        #expect(last.count == 1 && Set(Self.codes(last[0])) == Set(Self.codes("resolved \(end) to chief")), "\(last)")
        line.pass(7200)
        #expect(line.told() == [] && line.machine.book.open.isEmpty)
    }

    private static func codes(_ line: String) -> [Substring] {
        line.split(whereSeparator: { " ,".contains($0) })
    }

    @Test("what was replaced and is here again when the worse is over goes on, and its end is told once to all")
    mutating func relapse() {
        line.policy.secondary = []
        line.be(Timeline.reason(.diskFilling, .warning))
        line.pass(600)
        line.policy.primary = [Timeline.deputy]
        line.be(Timeline.reason(.diskSpace))
        line.pass(600)
        line.be(Timeline.reason(.diskFilling, .warning))
        line.pass(600)
        #expect(
            line.told() == [
                "problem diskFilling to chief", "problem !diskSpace,diskFilling to deputy",
                "resolved !diskSpace to deputy",
                "problem diskFilling to deputy",
            ]
        )
        line.policy.primary = [Timeline.chief, Timeline.deputy]
        line.be()
        line.pass(900)
        #expect(line.told() == ["resolved diskFilling to chief+deputy"])
    }

    @Test("a level that changes to and fro is not news each time")
    mutating func levels() {
        line.be(Timeline.reason(.diskSpace, .critical))
        line.look()
        for _ in 0..<20 {
            line.be(Timeline.reason(.diskSpace, .warning))
            line.pass(30)
            line.be(Timeline.reason(.diskSpace, .critical))
            line.pass(30)
        }
        #expect(line.told() == ["problem !diskSpace to chief"])
    }

    @Test("what is told once is told once, however often it comes and goes, and again after a week without it")
    mutating func once() {
        for _ in 0..<5 {
            line.be(Timeline.reason(.restorablePointAge, .warning, isToldOnce: true))
            line.pass(18 * 3600, step: 60)
            line.be()
            line.pass(6 * 3600, step: 60)
        }
        #expect(line.told() == ["problem restorablePointAge to chief", "resolved restorablePointAge to chief"])
        line.pass(8 * 86_400, step: 60)
        line.be(Timeline.reason(.restorablePointAge, .warning, isToldOnce: true))
        line.pass(5)
        #expect(line.told() == ["problem restorablePointAge to chief"])
    }

    @Test("no backup ever: silent in the first hour, told when it becomes critical")
    mutating func noBackup() {
        line.be(Timeline.reason(.noBackup, .warning))
        line.pass(3600)
        #expect(line.told() == [] && line.state(.noBackup) == .pending)
        line.be(Timeline.reason(.noBackup, .critical))
        line.pass(5)
        #expect(line.told() == ["problem !noBackup to chief"])
    }

    @Test("what comes by itself within days is not asked for before")
    mutating func drillNever() {
        line.be(Timeline.reason(.drillNever, .warning))
        line.pass(7 * 86_400, step: 3600)
        #expect(line.told() == [])
        line.pass(86_400 + 7200, step: 3600)
        #expect(line.told().first == "problem drillNever to chief")
    }
}
