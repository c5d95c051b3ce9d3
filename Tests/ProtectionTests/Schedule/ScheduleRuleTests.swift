import Foundation
import TestSupport
import Testing

@testable import Protection

@Suite("When a schedule runs")
struct ScheduleRuleTests {
    private static func at(_ hour: Int, _ minute: Int = 0) throws -> TimeOfDay {
        try #require(TimeOfDay(hour: hour, minute: minute))
    }

    @Test(
        "a daily run on the days the clock changes",
        arguments: [
            // Set forward from 02:00 to 03:00: at the instant it is set.
            ("Europe/Paris", 2, 0, "2026-03-28T12:00", "2026-03-29T01:00"),
            ("Europe/Paris", 2, 30, "2026-03-28T12:00", "2026-03-29T01:00"),
            ("Europe/Paris", 3, 0, "2026-03-28T12:00", "2026-03-29T01:00"),
            ("Europe/Paris", 3, 1, "2026-03-28T12:00", "2026-03-29T01:01"),
            ("Europe/Paris", 1, 59, "2026-03-28T12:00", "2026-03-29T00:59"),
            // Set back from 03:00 to 02:00: the first of the two.
            ("Europe/Paris", 2, 0, "2026-10-24T12:00", "2026-10-25T00:00"),
            ("Europe/Paris", 2, 0, "2026-10-25T00:00", "2026-10-26T01:00"),
            ("Europe/Paris", 2, 30, "2026-10-25T00:30", "2026-10-26T01:30"),
            ("Europe/Paris", 3, 0, "2026-10-24T12:00", "2026-10-25T02:00"),
            ("America/New_York", 2, 30, "2026-03-07T12:00", "2026-03-08T07:00"),
            ("America/New_York", 1, 30, "2026-10-31T12:00", "2026-11-01T05:30"),
            // Half an hour: 02:00 becomes 02:30, and 02:00 becomes 01:30.
            ("Australia/Lord_Howe", 2, 15, "2026-10-03T10:00", "2026-10-03T15:30"),
            ("Australia/Lord_Howe", 1, 45, "2026-04-04T10:00", "2026-04-04T14:45"),
            // Midnight itself is left out: the day begins at 01:00.
            ("America/Sao_Paulo", 0, 0, "2018-11-03T12:00", "2018-11-04T03:00"),
            // There was no 30 December: 29 December 02:00, then 31 December 02:00.
            ("Pacific/Apia", 2, 0, "2011-12-29T11:00", "2011-12-29T12:00"),
            ("Pacific/Apia", 2, 0, "2011-12-29T12:00", "2011-12-30T12:00"),
            ("Pacific/Apia", 23, 0, "2011-12-29T12:00", "2011-12-30T09:00"),
            ("Pacific/Apia", 23, 0, "2011-12-30T09:00", "2011-12-31T09:00"),
            ("UTC", 2, 0, "2026-11-22T02:00", "2026-11-23T02:00"),
            ("UTC", 2, 0, "2026-11-22T01:59", "2026-11-22T02:00"),
        ]
    )
    func daily(name: String, hour: Int, minute: Int, after: String, expected: String) throws {
        let rule = ScheduleRule.daily(try Self.at(hour, minute))
        #expect(rule.nextRun(after: try utc(after), in: try zone(name)) == (try utc(expected)))
    }

    @Test(
        "there is exactly one daily run on each day a zone has",
        arguments: [
            "Europe/Paris", "UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
            "Africa/Casablanca", "Asia/Kathmandu",
        ]
    )
    func oncePerDay(name: String) throws {
        let timeZone = try zone(name)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let start = try utc("2010-09-30T23:30")
        let end = try utc("2012-12-02T00:30")
        // The days there are, counted in another way: by what the calendar shows every three hours.
        var existing: Set<DateComponents> = []
        for instant in Array(stride(from: start, through: end, by: 3 * 3600)) + [end] {
            existing.insert(calendar.dateComponents([.year, .month, .day], from: instant))
        }
        for (hour, minute) in [(0, 0), (2, 30), (23, 59)] {
            let rule = ScheduleRule.daily(try Self.at(hour, minute))
            let runs = rule.runs(after: start, through: end, in: timeZone)
            let days = runs.map { calendar.dateComponents([.year, .month, .day], from: $0) }
            #expect(Set(days).count == days.count, "a day has two runs at \(hour):\(minute)")
            let missing = existing.subtracting(days)
            // Only the days at the two ends may have theirs outside the window.
            #expect(missing.count <= 2, "days without a run at \(hour):\(minute): \(missing)")
            let unknown = Set(days).subtracting(existing)
            #expect(unknown.isEmpty, "runs on days that are none")
            let late = runs.filter {
                let parts = calendar.dateComponents([.hour, .minute], from: $0)
                return (parts.hour, parts.minute) != (hour, minute) as (Int?, Int?)
            }
            // Runs at another time are those of nights on which the clock was set forward.
            for run in late {
                let before = timeZone.secondsFromGMT(for: run - 1)
                #expect(timeZone.secondsFromGMT(for: run) > before, "\(run) is at the wrong time")
            }
        }
    }

    @Test("Samoa's missing day has no run, and the days around it have theirs")
    func missingDay() throws {
        let timeZone = try zone("Pacific/Apia")
        let rule = ScheduleRule.daily(try Self.at(2))
        let clock = LocalClock(timeZone: timeZone)
        let runs = rule.runs(after: try utc("2011-12-27T00:00"), through: try utc("2012-01-02T00:00"), in: timeZone)
        let days = runs.map { clock.day(at: Int($0.timeIntervalSince1970)).text }
        #expect(days == ["2011-12-27", "2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"])
        // The Friday was that day: its week has a run all the same.
        let weekly = ScheduleRule.weekly(.friday, try Self.at(2))
        #expect(weekly.nextRun(after: try utc("2011-12-25T00:00"), in: timeZone) == (try utc("2011-12-30T10:00")))
    }

    @Test("a weekly run is on its day, once a week")
    func weekly() throws {
        let timeZone = try zone("Europe/Paris")
        let rule = ScheduleRule.weekly(.sunday, try Self.at(2, 30))
        let runs = rule.runs(after: try utc("2026-01-01T00:00"), through: try utc("2027-01-01T00:00"), in: timeZone)
        #expect(runs.count == 52)
        #expect(runs.contains(try utc("2026-03-29T01:00")))
        #expect(runs.contains(try utc("2026-10-25T00:30")))
        #expect(runs.filter { $0 == (try? utc("2026-10-25T01:30")) }.isEmpty)
    }

    @Test("an hourly run comes each hour, also in the hour that comes twice")
    func hourly() throws {
        let timeZone = try zone("Europe/Paris")
        let rule = ScheduleRule.hourly(minute: 17)
        for day in ["2026-03-28", "2026-10-24", "2026-11-21"] {
            let runs = rule.runs(
                after: try utc("\(day)T12:00"),
                through: try utc("\(day)T12:00") + 86_400,
                in: timeZone
            )
            #expect(runs.count == 24)
            #expect(zip(runs, runs.dropFirst()).allSatisfy { $1.timeIntervalSince($0) == 3600 })
        }
        let kathmandu = try zone("Asia/Kathmandu")
        #expect(rule.nextRun(after: try utc("2026-11-22T00:00"), in: kathmandu) == (try utc("2026-11-22T00:32")))
    }

    @Test("every six hours is counted from midnight of the clock on the wall")
    func everySixHours() throws {
        let timeZone = try zone("Europe/Paris")
        let rule = ScheduleRule.everyHours(6)
        let winter = rule.runs(after: try utc("2026-01-10T00:00"), through: try utc("2026-01-11T00:00"), in: timeZone)
        #expect(try winter == ["05", "11", "17", "23"].map { try utc("2026-01-10T\($0):00") })
        let summer = rule.runs(after: try utc("2026-07-10T00:00"), through: try utc("2026-07-11T00:00"), in: timeZone)
        #expect(try summer == ["04", "10", "16", "22"].map { try utc("2026-07-10T\($0):00") })
        // Every two hours: 02:00 that is skipped and 02:00 that comes twice have one run each.
        let two = ScheduleRule.everyHours(2)
        let forward = two.runs(after: try utc("2026-03-28T22:30"), through: try utc("2026-03-29T04:30"), in: timeZone)
        #expect(
            try forward == ["2026-03-28T23:00", "2026-03-29T01:00", "2026-03-29T02:00", "2026-03-29T04:00"].map(utc)
        )
        let back = two.runs(after: try utc("2026-10-24T21:30"), through: try utc("2026-10-25T03:30"), in: timeZone)
        #expect(try back == ["2026-10-24T22:00", "2026-10-25T00:00", "2026-10-25T03:00"].map(utc))
        // Seven does not divide a day: 21:00 is followed by midnight.
        let seven = ScheduleRule.everyHours(7)
        #expect(seven.nextRun(after: try utc("2026-01-10T20:00"), in: timeZone) == (try utc("2026-01-10T23:00")))
    }

    @Test("every so many minutes is regular through clock changes", arguments: [1, 5, 15, 45, 240, 1440])
    func everyMinutes(minutes: Int) throws {
        let timeZone = try zone("Australia/Lord_Howe")
        let rule = ScheduleRule.everyMinutes(minutes)
        var time = try utc("2026-10-02T15:17")
        for _ in 0..<40 {
            let next = try #require(rule.nextRun(after: time, in: timeZone))
            #expect(next > time && next.timeIntervalSince(time) <= Double(minutes * 60))
            #expect(Int(next.timeIntervalSince1970) % (minutes * 60) == 0)
            time = next
        }
    }

    @Test("the last run before a time and the next one after it have none between them")
    func lastAndNextAgree() throws {
        var generator = SeededGenerator(seed: 11)
        let zones = try ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"].map(zone)
        let rules: [ScheduleRule] = [
            .daily(try Self.at(2)), .daily(try Self.at(0)), .weekly(.wednesday, try Self.at(23, 59)),
            .hourly(minute: 30), .everyHours(5), .everyHours(1), .everyMinutes(50),
        ]
        let start = try utc("2009-01-01T00:00")
        for _ in 0..<60 {
            let time = start + Double(Int.random(in: 0..<600_000_000, using: &generator)) / 2
            for timeZone in zones {
                for rule in rules {
                    let last = try #require(rule.lastRun(atOrBefore: time, in: timeZone))
                    let next = try #require(rule.nextRun(after: time, in: timeZone))
                    #expect(last <= time && time < next)
                    #expect(rule.nextRun(after: last, in: timeZone) == next, "\(rule) \(timeZone.identifier) \(time)")
                    #expect(rule.lastRun(atOrBefore: next - 1, in: timeZone) == last)
                    #expect(rule.lastRun(atOrBefore: next, in: timeZone) == next)
                }
            }
        }
    }

    @Test("a schedule that is off has no run")
    func off() throws {
        #expect(ScheduleRule.off.nextRun(after: try utc("2026-01-01T00:00"), in: try zone("UTC")) == nil)
        #expect(ScheduleRule.off.lastRun(atOrBefore: try utc("2026-01-01T00:00"), in: try zone("UTC")) == nil)
    }
}
