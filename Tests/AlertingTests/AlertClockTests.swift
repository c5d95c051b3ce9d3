import Alerting
import Foundation
import State
import Testing

@Suite("The clock that alerts go by")
struct AlertClockTests {
    private let date = Timeline.start
    private let instant = ContinuousClock.now

    private func mark(_ seconds: Double, boot: String?, since: Double = 1000) -> AlertClock.Mark {
        AlertClock.Mark(
            seconds: seconds,
            date: date,
            boot: boot.map { ClockMark(wallTime: date, secondsSinceBoot: since, bootID: $0) }
        )
    }

    @Test("it counts from 0, whatever the wall clock shows")
    func beginning() {
        let clock = AlertClock(after: nil, boot: nil, date: date, at: instant)
        #expect(clock.moment(date - 1e9, at: instant + .seconds(60)).seconds == 60)
        #expect(clock.moment(date + 1e9, at: instant + .seconds(61)).seconds == 61)
        #expect(clock.moment(date, at: instant - .seconds(5)).seconds == 0)
    }

    @Test("without its last reading it begins no earlier than what was noted by it")
    func lostReading() {
        let clock = AlertClock(after: nil, notBefore: 2_000_000, boot: nil, date: date, at: instant)
        #expect(clock.moment(date, at: instant + .seconds(60)).seconds == 2_000_060)
    }

    @Test("nor does it with a reading that is older than what was noted by it, as after one start without its memory")
    func oldReading() {
        let later = ClockMark(wallTime: date, secondsSinceBoot: 1060, bootID: "a")
        for (noted, expected) in [(2_000_000.0, 2_000_000.0), (520, 560)] {
            let clock = AlertClock(
                after: mark(500, boot: "a"),
                notBefore: noted,
                boot: later,
                date: date,
                at: instant
            )
            #expect(clock.moment(date, at: instant).seconds == expected)
        }
    }

    @Test(
        "over a restart it goes on by the kernel's count, over a boot by the wall clock within reason",
        arguments: [
            ("a", 1060, 1e9, 60), ("a", 1060, -1e9, 60), ("b", 30, 3600, 3600), ("b", 30, -3600, 0),
            ("b", 30, 1e9, AlertClock.longestAbsence),
        ] as [(String, Double, Double, Double)]
    )
    func absence(boot: String, since: Double, jump: Double, expected: Double) {
        let later = ClockMark(wallTime: date + jump, secondsSinceBoot: since, bootID: boot)
        let clock = AlertClock(after: mark(500, boot: "a"), boot: later, date: date + jump, at: instant)
        #expect(clock.moment(date, at: instant).seconds == 500 + expected)
    }
}
