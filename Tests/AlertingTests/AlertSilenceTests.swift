import Alerting
import Foundation
import Monitoring
import Testing

@Suite("Silences, lists and allowances")
struct AlertSilenceTests {
    private var line = Timeline()

    @Test("a silence keeps quiet until its end, and what is still there is told then; the escalation counts from then")
    mutating func silence() {
        line.silence(.verifyFailed, seconds: 7200)
        line.be(Timeline.reason(.verifyFailed))
        line.pass(7190)
        #expect(line.told() == [] && line.state(.verifyFailed) == .silenced)
        line.pass(10)
        #expect(line.told() == ["problem !verifyFailed to chief"])
        line.pass(1795)
        #expect(line.told() == [])
        line.pass(10)
        #expect(line.told().contains("escalation !verifyFailed to deputy"))
    }

    @Test("a silence over one problem does not lie over another, one over all does")
    mutating func scope() {
        line.silence(.verifyFailed, seconds: 7200)
        line.be(Timeline.reason(.verifyFailed), Timeline.reason(.drillFailed))
        line.look()
        #expect(line.told() == ["problem !drillFailed to chief"])
        line.silence(nil, seconds: 3600)
        line.pass(3590)
        #expect(line.told() == [])
        line.unsilence()
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed,!drillFailed to chief"])
    }

    @Test("its end is told to those who saw it, also during a silence")
    mutating func resolvedInSilence() {
        line.be(Timeline.reason(.verifyFailed))
        line.look()
        line.silence(nil, seconds: 3600)
        line.be()
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed to chief", "resolved !verifyFailed to chief"])
    }

    @Test("what came and went during a silence is told to nobody")
    mutating func unseen() {
        line.silence(nil, seconds: 3600)
        line.be(Timeline.reason(.verifyFailed))
        line.pass(600)
        line.be()
        line.pass(7200)
        #expect(line.told() == [] && line.machine.book.silences.isEmpty)
    }

    @Test("no silence lasts longer than is allowed", arguments: [nil, HealthReasonCode.verifyFailed])
    mutating func longest(code: HealthReasonCode?) {
        line.silence(code, seconds: 1e12)
        let longest = code == nil ? Silence.maximumSecondsOverAll : Silence.maximumSeconds
        #expect(line.machine.book.silences.map(\.endSeconds) == [longest])
    }

    @Test("who comes new to the list hears what is wrong, and nobody else does again")
    mutating func newcomer() {
        line.policy.primary = []
        line.be(Timeline.reason(.verifyFailed))
        line.pass(600)
        #expect(line.told() == [])
        line.policy.primary = [Timeline.chief]
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed to chief"])
        line.policy.primary = [Timeline.chief, Timeline.deputy]
        line.pass(5)
        #expect(line.told() == ["problem !verifyFailed to deputy"])
    }

    @Test("after many messages the last says that it is, and the next tells how things stand")
    mutating func cap() throws {
        line.policy.messagesPerHour = 4
        // Four problems come and go: the first two fill the hour.
        for code in [HealthReasonCode.verifyFailed, .lastBackupFailed, .drillFailed, .retentionBlocked] {
            line.be(Timeline.reason(code))
            line.pass(5)
            line.be()
            line.pass(5)
        }
        let last = try #require(line.notices.last?.notice)
        #expect(last.pause.map { $0.seconds > 0 && $0.seconds <= 3600 && !$0.isUrgentExempt } == true)
        #expect(line.told().count == 4)
        line.be(Timeline.reason(.objectiveMissed))
        line.pass(3500)
        line.be()
        line.pass(100)
        #expect(
            line.told().first { $0.hasSuffix("chief") }
                == "resolved summary !drillFailed,!retentionBlocked,!objectiveMissed to chief"
        )
    }

    @Test("two of twelve messages are kept for what is critical and new, and one of these tells how things stand")
    mutating func reserve() throws {
        line.policy.secondary = []
        for code in [HealthReasonCode.retentionBlocked, .clockJumped, .verifyAge, .dumpIncomplete, .lastBackupFailed] {
            line.be(Timeline.reason(code, .warning))
            line.pass(5)
            line.be()
            line.pass(5)
        }
        let tenth = try #require(line.notices.last?.notice.pause)
        #expect(tenth.isUrgentExempt && tenth.seconds == 3555)
        #expect(line.told().count == 10)
        line.be(Timeline.reason(.dumpAge, .warning))
        line.pass(5)
        #expect(line.told() == [])
        line.reasons.append(Timeline.reason(.verifyFailed))
        line.pass(5)
        #expect(line.notices.last?.notice.pause?.isUrgentExempt == true)
        #expect(line.told() == ["problem !verifyFailed to chief"])
        line.reasons.append(Timeline.reason(.checksumFindings))
        line.pass(5)
        let twelfth = try #require(line.notices.last?.notice.pause)
        #expect(!twelfth.isUrgentExempt && twelfth.seconds == 3540)
        #expect(line.told() == ["problem !checksumFindings to chief"])
        line.reasons.append(Timeline.reason(.objectiveMissed))
        line.pass(3530)
        #expect(line.told() == [])
        line.pass(10)
        #expect(
            line.told() == ["problem summary !verifyFailed,!checksumFindings,!objectiveMissed,dumpAge to chief"]
        )
        for words in [EnglishAlertWords(), FrenchAlertWords()] as [any AlertWords] {
            #expect(words.last(tenth) != words.last(twelfth) && words.last(tenth).contains("recyclicctl status"))
        }
    }

    @Test("the clock that alerts go by does not go back")
    mutating func backwards() {
        line.be(Timeline.reason(.verifyFailed))
        line.pass(600)
        _ = line.told()
        line.moment.seconds -= 500
        line.moment.date -= 86_400 * 365
        for _ in 0..<100 { line.look() }
        #expect(line.told() == [])
        line.moment.seconds += 500
        line.pass(1800)
        #expect(line.told().contains { $0.hasPrefix("problem reminder") })
    }
}
