import Alerting
import Foundation
import Monitoring
import Testing

@Suite("Time in which nobody looked")
struct AlertWatchTests {
    private var line = Timeline()

    /// An unreachable database that was told, and has been gone for the most of the time that it must be.
    private static func almostOver() -> Timeline {
        var line = Timeline()
        line.be(Timeline.reason(.databaseUnreachable))
        line.pass(130)
        line.be()
        line.pass(100)
        return line
    }

    @Test(
        "what was gone for a moment before the machine was off or slept is not over after it",
        arguments: [true, false]
    )
    mutating func off(isRestarted: Bool) {
        line = Self.almostOver()
        line.sleep(3 * 3600)
        if isRestarted { line.restart() }
        line.look()
        #expect(line.state(.databaseUnreachable) == .firing)
        // What was watched before counts.
        line.pass(15)
        #expect(line.told().filter { $0.hasPrefix("resolved") } == [])
        line.pass(15)
        #expect(line.told().last == "resolved !databaseUnreachable to chief+deputy")
    }

    @Test("what was here before and is not after it must be gone for as long as ever")
    mutating func unseen() {
        line.be(Timeline.reason(.databaseUnreachable))
        line.pass(130)
        line.be()
        line.sleep(86_400)
        line.look()
        line.pass(115)
        #expect(line.state(.databaseUnreachable) == .firing)
        line.pass(10)
        #expect(line.state(.databaseUnreachable) == nil)
    }

    @Test("an acknowledgement before the first look after it changes nothing of that")
    mutating func acknowledged() {
        line = Self.almostOver()
        line.sleep(3600)
        line.acknowledge(.databaseUnreachable)
        line.pass(5)
        #expect(line.state(.databaseUnreachable) == .acknowledged)
        line.pass(25)
        #expect(line.state(.databaseUnreachable) == nil)
    }

    @Test("looks that come a little late count")
    mutating func late() {
        line = Self.almostOver()
        line.sleep(AlertStateMachine.longestWatch)
        line.look()
        #expect(line.state(.databaseUnreachable) == nil)
        line = Self.almostOver()
        line.sleep(AlertStateMachine.longestWatch + 1)
        line.look()
        #expect(line.state(.databaseUnreachable) == .firing)
    }

    @Test("nor was a problem milder in it")
    mutating func milder() {
        line.be(Timeline.reason(.diskSpace, .critical))
        line.look()
        line.be(Timeline.reason(.diskSpace, .warning))
        line.pass(100)
        line.sleep(7200)
        line.look()
        #expect(line.machine.book.open[.diskSpace]?.level == .critical)
        line.pass(30)
        #expect(line.machine.book.open[.diskSpace]?.level == .warning)
    }

    @Test("nor is it told again what is told once")
    mutating func once() {
        line.be(Timeline.reason(.restorablePointAge, .warning, isToldOnce: true))
        line.look()
        line.be()
        line.pass(60)
        line.sleep(10 * 86_400)
        line.restart()
        line.be(Timeline.reason(.restorablePointAge, .warning, isToldOnce: true))
        line.pass(10)
        #expect(line.told() == ["problem restorablePointAge to chief", "resolved restorablePointAge to chief"])
    }

    @Test("silences, reminders and escalations go on in it: people live on")
    mutating func others() {
        line.be(Timeline.reason(.verifyFailed))
        line.look()
        line.sleep(3600)
        line.look()
        #expect(
            line.told() == [
                "problem !verifyFailed to chief", "problem reminder !verifyFailed to chief",
                "escalation !verifyFailed to deputy",
            ]
        )
        line.silence(.verifyFailed, seconds: 600)
        line.sleep(601)
        line.look()
        #expect(line.machine.book.silences.isEmpty)
    }

    @Test("whatever happens, nothing is over that was not seen to be gone for long enough", arguments: 0..<40)
    mutating func watched(seed: UInt64) {
        var chance = Chance(state: seed)
        let code = HealthReasonCode.databaseUnreachable
        // Since the problem was seen last; the time between two looks without it counts if it is short.
        var goneSeconds = 0.0
        var wasHere = true
        for _ in 0..<400 {
            let isHere = Int.random(in: 0..<12, using: &chance) == 0
            let isAsleep = Int.random(in: 0..<8, using: &chance) == 0
            let pause = Double.random(in: isAsleep ? 61...40_000 : 1...59, using: &chance)
            line.reasons = isHere ? [Timeline.reason(code)] : []
            let wasOpen = line.machine.book.open[code] != nil
            line.sleep(pause)
            if Bool.random(using: &chance) { line.acknowledge(code) }
            if Bool.random(using: &chance) { line.restart() }
            line.look()
            if isHere || wasHere { goneSeconds = 0 } else if !isAsleep { goneSeconds += pause }
            wasHere = isHere
            guard wasOpen else { continue }
            let isOpen = line.machine.book.open[code] != nil
            #expect(isOpen || goneSeconds >= line.policy.pendingSeconds - 0.01)
            // The longest that a flapping problem must be gone.
            #expect(!isOpen || goneSeconds < 1800.01)
        }
    }
}
