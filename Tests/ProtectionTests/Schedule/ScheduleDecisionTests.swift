import Foundation
import TestSupport
import Testing

@testable import Protection

@Suite("Whether to run now")
struct ScheduleDecisionTests {
    private func decide(
        _ rule: ScheduleRule,
        last: String?,
        since: String = "2026-01-01T00:00",
        now: String,
        zone name: String = "UTC",
        jitter: ScheduleJitter = .none
    ) throws -> ScheduleDecision {
        ScheduleDecision.decide(
            rule: rule,
            lastRunStart: try last.map(utc),
            inForceSince: try utc(since),
            now: try utc(now),
            timeZone: try zone(name),
            jitter: jitter
        )
    }

    private func nightly() throws -> ScheduleRule {
        .daily(try #require(TimeOfDay(hour: 2, minute: 0)))
    }

    @Test("before the first time it waits, also when there was no run yet")
    func waits() throws {
        let decision = try decide(nightly(), last: nil, since: "2026-11-21T12:00", now: "2026-11-21T12:00")
        #expect(decision == .wait(until: try utc("2026-11-22T02:00")))
    }

    @Test("at the time it runs, and having run it waits for the next day")
    func runs() throws {
        #expect(
            try decide(nightly(), last: "2026-11-20T02:00:01", now: "2026-11-21T02:00")
                == .runNow(.due(utc("2026-11-21T02:00")))
        )
        #expect(
            try decide(nightly(), last: "2026-11-21T02:00:00", now: "2026-11-21T02:00:05")
                == .wait(until: utc("2026-11-22T02:00"))
        )
    }

    @Test("times missed while the machine was off are made up for once")
    func missed() throws {
        #expect(
            try decide(nightly(), last: "2026-11-10T02:00", now: "2026-11-21T09:00")
                == .runNow(.missed(utc("2026-11-21T02:00")))
        )
        #expect(
            try decide(nightly(), last: "2026-11-21T09:00", now: "2026-11-21T09:00:10")
                == .wait(until: utc("2026-11-22T02:00"))
        )
    }

    @Test("times before the schedule was set are not made up for")
    func newSchedule() throws {
        #expect(
            try decide(nightly(), last: "2026-11-20T23:00", since: "2026-11-21T09:00", now: "2026-11-21T09:30")
                == .wait(until: utc("2026-11-22T02:00"))
        )
    }

    @Test("a clock that is set back a little does not repeat a run")
    func setBackALittle() throws {
        // It ran, and the clock went back over the time by which it ran.
        #expect(
            try decide(nightly(), last: "2026-11-21T02:00:03", now: "2026-11-21T01:59:50")
                == .wait(until: utc("2026-11-22T02:00"))
        )
        #expect(
            try decide(nightly(), last: "2026-11-21T02:00:03", now: "2026-11-21T02:00")
                == .wait(until: utc("2026-11-22T02:00"))
        )
        // It was started with the clock two hours ahead.
        #expect(
            try decide(nightly(), last: "2026-11-21T02:30", now: "2026-11-21T00:31")
                == .wait(until: utc("2026-11-22T02:00"))
        )
    }

    @Test("a last run dated years ahead does not stop the schedule, and costs one run")
    func setBackALot() throws {
        let far = try utc("2031-01-01T00:00")
        #expect(
            try decide(nightly(), last: "2031-01-01T00:00", now: "2026-11-21T12:00")
                == .runNow(.clockSetBack(lastRun: far))
        )
        #expect(
            try decide(nightly(), last: nil, since: "2031-01-01T00:00", now: "2026-11-21T12:00")
                == .runNow(.clockSetBack(lastRun: far))
        )
        // The run's own start is remembered then, whatever is said of the time the schedule was set.
        #expect(
            try decide(nightly(), last: "2026-11-21T12:00", since: "2031-01-01T00:00", now: "2026-11-21T12:01")
                == .wait(until: utc("2026-11-22T02:00"))
        )
    }

    @Test("a clock that is set forward makes up for what it left out once")
    func setForward() throws {
        #expect(
            try decide(nightly(), last: "2026-11-21T02:00", now: "2027-02-03T04:00")
                == .runNow(.missed(utc("2027-02-03T02:00")))
        )
        #expect(
            try decide(nightly(), last: "2027-02-03T04:00", now: "2027-02-03T04:01")
                == .wait(until: utc("2027-02-04T02:00"))
        )
    }

    @Test("a schedule that is off waits for ever")
    func off() throws {
        #expect(try decide(.off, last: nil, now: "2026-11-21T02:00") == .wait(until: nil))
    }

    @Test("the delay is waited for, and the time before it is still made up for")
    func delay() throws {
        let rule = try nightly()
        let jitter = ScheduleJitter(seed: "a", maximumSeconds: 1800)
        let delay = Double(jitter.delay(of: try utc("2026-11-21T02:00"), rule: rule))
        try #require(delay > 60)
        let time = try utc("2026-11-21T02:00")
        #expect(
            try decide(rule, last: "2026-11-20T02:05", now: "2026-11-21T02:00", jitter: jitter)
                == .wait(until: time + delay)
        )
        let after = ScheduleDecision.decide(
            rule: rule,
            lastRunStart: try utc("2026-11-20T02:05"),
            inForceSince: try utc("2026-01-01T00:00"),
            now: time + delay,
            timeZone: try zone("UTC"),
            jitter: jitter
        )
        #expect(after == .runNow(.due(time)))
        #expect(
            try decide(rule, last: "2026-11-19T02:05", now: "2026-11-21T02:00", jitter: jitter)
                == .runNow(.missed(utc("2026-11-20T02:00")))
        )
    }

    @Test("delays are bounded, stable, and differ between instances and days")
    func delays() throws {
        let rule = try nightly()
        let start = try utc("2026-01-01T02:00")
        var seen: Set<[Int]> = []
        for instance in 0..<20 {
            let jitter = ScheduleJitter(seed: "instance-\(instance)", maximumSeconds: 600)
            let delays = (0..<60).map { jitter.delay(of: start + Double($0) * 86_400, rule: rule) }
            #expect(delays.allSatisfy { (0...600).contains($0) })
            #expect(delays == (0..<60).map { jitter.delay(of: start + Double($0) * 86_400, rule: rule) })
            #expect(Set(delays).count > 40)
            #expect((delays.max() ?? 0) > 450 && (delays.min() ?? 600) < 150)
            seen.insert(delays)
        }
        #expect(seen.count == 20)
        // Pinned, since a process must not disagree with the one before it.
        #expect(ScheduleJitter(seed: "instance-0", maximumSeconds: 600).delay(of: start, rule: rule) == 166)
        let short = ScheduleJitter(seed: "x", maximumSeconds: 3600)
        #expect((0..<500).allSatisfy { short.delay(of: start + Double($0) * 300, rule: .everyMinutes(5)) < 150 })
    }

    @Test(
        "driven for years through clock changes, restarts and delays, there is one run on each day",
        arguments: ["Europe/Paris", "UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"],
        [0, 1200]
    )
    func simulation(name: String, delay: Int) throws {
        let timeZone = try zone(name)
        let clock = LocalClock(timeZone: timeZone)
        let rule = try nightly()
        let jitter = ScheduleJitter(seed: name, maximumSeconds: delay)
        var generator = SeededGenerator(seed: 7)
        let start = try utc("2010-06-01T00:00")
        var now = start
        var last: Date?
        var days: [CivilDay] = []
        while now < start + 3 * 365 * 86_400 {
            let decision = ScheduleDecision.decide(
                rule: rule,
                lastRunStart: last,
                inForceSince: start,
                now: now,
                timeZone: timeZone,
                jitter: jitter
            )
            switch decision {
            case .runNow(.due):
                last = now
                days.append(clock.day(at: Int(now.timeIntervalSince1970)))
                now += Double.random(in: 0...5000, using: &generator)
            case .runNow(let reason):
                Issue.record("\(reason) at \(now)")
                return
            case .wait(let until):
                let until = try #require(until)
                try #require(until > now)
                // Woken early now and then, by a restart or a reload.
                now =
                    Int.random(in: 0..<4, using: &generator) == 0
                    ? now + until.timeIntervalSince(now) * Double.random(in: 0...1, using: &generator) : until
            }
        }
        let first = try #require(days.first)
        let end = try #require(days.last)
        let expected = (first.number...end.number).map(CivilDay.init(number:)).filter(clock.shows)
        #expect(days == expected)
        #expect(days.count > 1090)
        #expect(days.contains { $0.text == "2011-12-30" } == (name != "Pacific/Apia"))
    }

    @Test("driven with the machine off at random, no run is repeated and none is late when it is on")
    func outages() throws {
        let timeZone = try zone("Europe/Paris")
        let clock = LocalClock(timeZone: timeZone)
        let rule = try nightly()
        var generator = SeededGenerator(seed: 3)
        let start = try utc("2024-01-01T00:00")
        var now = start
        var last: Date?
        var runs: [Date] = []
        for _ in 0..<700 {
            // On for a while, looking once a minute at most.
            var end = now + Double.random(in: 60...400_000, using: &generator)
            while now < end {
                let decision = ScheduleDecision.decide(
                    rule: rule,
                    lastRunStart: last,
                    inForceSince: start,
                    now: now,
                    timeZone: timeZone
                )
                switch decision {
                case .runNow:
                    last = now
                    runs.append(now)
                    now += 1
                case .wait(let until):
                    now = min(try #require(until), end)
                    if now == end { break }
                }
            }
            // Off for a while.
            end = now + Double.random(in: 60...400_000, using: &generator)
            now = end
        }
        // Two runs never serve the same day's time: between two runs there is always a time of the schedule.
        for (earlier, later) in zip(runs, runs.dropFirst()) {
            let time = try #require(rule.lastRun(atOrBefore: later, in: timeZone))
            #expect(time > earlier)
        }
        #expect(Set(runs.map { clock.day(at: Int($0.timeIntervalSince1970)) }).count > runs.count / 2)
    }
}
