import Alerting
import Foundation
import Monitoring
import Testing

@Suite("Whatever happens to alerts")
struct AlertPropertyTests {
    private static let codes: [HealthReasonCode] = [
        .databaseUnreachable, .diskSpace, .verifyFailed, .drillFailed, .retentionBlocked, .restorablePointAge,
        .noBackup, .objectiveMissed, .diskFilling, .backupAge, .noRestorableBackup,
    ]

    /// Some hours in which anything may happen.
    private static func run(_ line: inout Timeline, seed: UInt64, steps: Int) {
        var chance = Chance(state: seed)
        for _ in 0..<steps {
            switch Int.random(in: 0..<12, using: &chance) {
            case 0...5:
                let code = codes.randomElement(using: &chance) ?? .verifyFailed
                line.reasons.removeAll { $0.code == code }
                let level = Bool.random(using: &chance) ? HealthLevel.critical : .warning
                if Bool.random(using: &chance) {
                    line.reasons.append(Timeline.reason(code, level, isToldOnce: code == .restorablePointAge))
                }
            case 6: line.acknowledge(codes.randomElement(using: &chance) ?? .verifyFailed)
            case 7:
                line.silence(
                    Bool.random(using: &chance) ? nil : codes[2],
                    seconds: .random(in: 0...4000, using: &chance)
                )
            case 8: line.unsilence()
            case 9: line.moment.date += .random(in: -1e8...1e8, using: &chance)
            default: break
            }
            line.pass(.random(in: 1...900, using: &chance), step: 60)
        }
    }

    @Test("a restart at any point is as good as none", arguments: 0..<6)
    func restarts(seed: UInt64) {
        var steady = Timeline()
        var restarted = Timeline()
        restarted.restarts = true
        Self.run(&steady, seed: seed, steps: 25)
        Self.run(&restarted, seed: seed, steps: 25)
        #expect(steady.notices.map(\.notice) == restarted.notices.map(\.notice))
        #expect(steady.transitions == restarted.transitions)
    }

    @Test("looks at which nothing can be judged change nothing", arguments: 0..<6)
    func blinks(seed: UInt64) {
        var steady = Timeline()
        var blinking = Timeline()
        blinking.blinks = true
        Self.run(&steady, seed: seed, steps: 25)
        Self.run(&blinking, seed: seed, steps: 25)
        #expect(steady.notices.map(\.notice) == blinking.notices.map(\.notice))
        #expect(steady.transitions == blinking.transitions)
    }

    @Test("there is no storm: within any hour nobody gets more messages than allowed", arguments: 0..<6)
    func storms(seed: UInt64) {
        var line = Timeline()
        line.policy.messagesPerHour = 6
        Self.run(&line, seed: seed, steps: 50)
        for recipient in [Timeline.chief, Timeline.deputy] {
            let times = line.notices.filter { $0.notice.recipients.contains(recipient) }.map(\.seconds)
            for time in times { #expect(times.count { (time - 3600 < $0) && $0 <= time } <= 6) }
        }
    }

    @Test(
        "nothing is lost: what is critical and stays so is told, unless somebody knows or silenced it",
        arguments: 0..<20
    )
    func losses(seed: UInt64) {
        var line = Timeline()
        line.policy.messagesPerHour = 3
        Self.run(&line, seed: seed, steps: 40)
        line.unsilence()
        line.pass(2 * 3600)
        for alert in line.machine.book.open.values where alert.level == .critical && alert.phase == .firing {
            let isTold = line.notices.contains { $0.notice.alerts.contains(alert.id) }
            #expect(isTold && alert.told.contains(Timeline.chief), "\(alert.code)")
        }
    }

    @Test("all that was told as wrong and is over is told as over, to the same people", arguments: 0..<6)
    func endings(seed: UInt64) {
        var line = Timeline()
        Self.run(&line, seed: seed, steps: 40)
        line.reasons = []
        line.unsilence()
        line.pass(3 * 3600)
        #expect(line.machine.book.open.isEmpty)
        for recipient in [Timeline.chief, Timeline.deputy] {
            let own = line.notices.map(\.notice).filter { $0.recipients.contains(recipient) }
            let told = Set(own.flatMap { $0.problems.map(\.code) })
            let over = Set(own.flatMap { $0.resolved.map(\.code) })
            #expect(told.isSubset(of: over))
        }
    }

    @Test("nothing is told as over while something worse stands in its place", arguments: 0..<12)
    func successors(seed: UInt64) {
        var line = Timeline()
        Self.run(&line, seed: seed, steps: 60)
        #expect(line.premature == [])
    }

    @Test("setting the wall clock neither sends nor keeps back", arguments: 0..<4)
    func clock(seed: UInt64) {
        var steady = Timeline()
        var jumping = Timeline()
        var chance = Chance(state: seed)
        for line in 0..<40 {
            let reasons = line % 3 == 0 ? [] : [Timeline.reason(.verifyFailed), Timeline.reason(.databaseUnreachable)]
            steady.reasons = reasons
            jumping.reasons = reasons
            jumping.moment.date += .random(in: -1e9...1e9, using: &chance)
            steady.pass(700)
            jumping.pass(700)
        }
        #expect(steady.told() == jumping.told())
    }
}
