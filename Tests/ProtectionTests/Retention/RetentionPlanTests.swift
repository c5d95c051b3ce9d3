import Foundation
import Testing

@testable import Protection

@Suite("Which backups stay")
struct RetentionPlanTests {
    private let cluster = "7300000000000000001"

    private func candidate(
        _ time: String,
        _ condition: RetentionCandidate.Condition = .good,
        cluster: String? = nil,
        pinned: Bool = false,
        proved: String? = nil
    ) throws -> RetentionCandidate {
        RetentionCandidate(
            id: "\(time)-base",
            cluster: cluster ?? self.cluster,
            startedAt: try utc(time),
            condition: condition,
            isPinned: pinned,
            provedAt: try proved.map(utc)
        )
    }

    private func plan(
        _ backups: [RetentionCandidate],
        _ policy: RetentionPolicy,
        now: String,
        zone name: String = "UTC"
    ) throws -> [String] {
        RetentionPlan.make(backups: backups, policy: policy, now: try utc(now), timeZone: try zone(name))
            .map { "\($0.backupID.dropLast(5)) \($0.text)" }
    }

    @Test("the newest of each day, week and month that have one stay, with reasons in words")
    func generations() throws {
        let backups = try [
            "2026-11-21T02:00", "2026-11-21T14:00", "2026-11-20T02:00", "2026-11-18T02:00", "2026-11-10T02:00",
            "2026-10-31T02:00", "2026-10-02T02:00",
        ].map { try candidate($0) }
        let policy = RetentionPolicy.generations(daily: 2, weekly: 2, monthly: 2)
        #expect(
            try plan(backups, policy, now: "2026-11-21T15:00") == [
                "2026-11-21T14:00 kept: newest restorable, daily 2026-11-21, weekly 2026-W47, monthly 2026-11",
                "2026-11-21T02:00 removed: '2026-11-21T14:00-base' stands for 2026-11-21",
                "2026-11-20T02:00 kept: daily 2026-11-20",
                "2026-11-18T02:00 removed: older than 2 daily, 2 weekly and 2 monthly",
                "2026-11-10T02:00 kept: weekly 2026-W46",
                "2026-10-31T02:00 kept: monthly 2026-10",
                "2026-10-02T02:00 removed: older than 2 daily, 2 weekly and 2 monthly",
            ]
        )
    }

    @Test("days begin at midnight of the zone")
    func timeZones() throws {
        // 23:30 UTC is the next day in Paris: two backups of one day there, of two days in UTC.
        let backups = try ["2026-11-20T23:30", "2026-11-21T12:00"].map { try candidate($0) }
        let policy = RetentionPolicy.generations(daily: 7, weekly: 0, monthly: 0)
        #expect(try plan(backups, policy, now: "2026-11-21T13:00").filter { $0.contains("kept") }.count == 2)
        #expect(
            try plan(backups, policy, now: "2026-11-21T13:00", zone: "Europe/Paris").last
                == "2026-11-20T23:30 removed: '2026-11-21T12:00-base' stands for 2026-11-21"
        )
    }

    @Test("days without a backup take no places")
    func holes() throws {
        let backups = try ["2026-11-21T02:00", "2026-08-01T02:00", "2026-03-03T02:00"].map { try candidate($0) }
        let policy = RetentionPolicy.generations(daily: 3, weekly: 0, monthly: 0)
        #expect(try plan(backups, policy, now: "2026-11-21T13:00").allSatisfy { $0.contains("kept: ") })
    }

    @Test("by days, what is not older than so many days before the newest stays")
    func days() throws {
        let backups = try ["2026-11-21T02:00", "2026-11-14T02:00", "2026-11-14T01:59", "2026-01-01T00:00"].map {
            try candidate($0)
        }
        let expected = [
            "2026-11-21T02:00 kept: newest restorable, not older than 7 days",
            "2026-11-14T02:00 kept: not older than 7 days",
            "2026-11-14T01:59 removed: older than 7 days",
            "2026-01-01T00:00 removed: older than 7 days",
        ]
        #expect(try plan(backups, .days(7), now: "2026-11-21T03:00") == expected)
        // A year without backups removes none.
        #expect(try plan(backups, .days(7), now: "2027-11-21T03:00") == expected)
    }

    @Test("a policy of nothing still leaves the newest restorable, the last proved and the pinned ones")
    func alwaysKept() throws {
        let backups = try [
            candidate("2026-11-21T02:00", .marked), candidate("2026-11-20T02:00", .damaged),
            candidate("2026-11-19T02:00"), candidate("2026-11-18T02:00", proved: "2026-11-18T04:00"),
            candidate("2026-11-17T02:00", proved: "2026-11-20T04:00"), candidate("2026-11-16T02:00", pinned: true),
            candidate("2026-11-15T02:00", .damaged, proved: "2026-11-21T04:00"), candidate("2026-11-14T02:00"),
        ]
        let nothing = RetentionPolicy.generations(daily: 0, weekly: 0, monthly: 0)
        #expect(
            try plan(backups, nothing, now: "2026-11-21T13:00").filter { $0.contains("kept") } == [
                "2026-11-19T02:00 kept: newest restorable",
                "2026-11-17T02:00 kept: last one that a drill proved",
                "2026-11-16T02:00 kept: pinned",
            ]
        )
    }

    @Test("where none is known to be good, the best there is stays")
    func nothingGood() throws {
        let nothing = RetentionPolicy.generations(daily: 0, weekly: 0, monthly: 0)
        let marked = try [
            candidate("2026-11-21T02:00", .damaged), candidate("2026-11-20T02:00", .marked),
            candidate("2026-11-19T02:00", .marked),
        ]
        #expect(
            try plan(marked, nothing, now: "2026-11-21T13:00").filter { $0.contains("kept") }
                == ["2026-11-20T02:00 kept: best one there is"]
        )
        #expect(
            try plan([marked[0]], .days(1), now: "2027-11-21T13:00") == ["2026-11-21T02:00 kept: best one there is"]
        )
    }

    @Test("unfinished backups and ones dated after now stay and push none out")
    func futureAndRunning() throws {
        let backups = try [
            candidate("2031-01-01T00:00"), candidate("2031-01-02T00:00"), candidate("2026-11-21T12:59", .running),
            candidate("2026-11-21T02:00"), candidate("2026-11-20T02:00"), candidate("2026-11-19T02:00"),
        ]
        let expected = [
            "2031-01-02T00:00 kept: dated in the future, its age is not known",
            "2031-01-01T00:00 kept: dated in the future, its age is not known",
            "2026-11-21T12:59 kept: not finished",
            "2026-11-21T02:00 kept: newest restorable, daily 2026-11-21",
            "2026-11-20T02:00 kept: daily 2026-11-20",
            "2026-11-19T02:00 removed: older than 2 daily, 0 weekly and 0 monthly",
        ]
        #expect(
            try plan(backups, .generations(daily: 2, weekly: 0, monthly: 0), now: "2026-11-21T13:00") == expected
        )
    }

    @Test("a damaged or marked backup does not stand for a day that has a better one, nor take a place")
    func damagedTakesNoPlace() throws {
        let backups = try [
            candidate("2026-11-21T14:00", .damaged), candidate("2026-11-21T02:00"),
            candidate("2026-11-20T14:00", .marked), candidate("2026-11-20T02:00"),
            candidate("2026-11-19T02:00", .damaged), candidate("2026-11-18T02:00"), candidate("2026-11-17T02:00"),
        ]
        #expect(
            try plan(backups, .generations(daily: 3, weekly: 0, monthly: 0), now: "2026-11-21T15:00") == [
                "2026-11-21T14:00 removed: '2026-11-21T02:00-base' stands for 2026-11-21",
                "2026-11-21T02:00 kept: newest restorable, daily 2026-11-21",
                "2026-11-20T14:00 removed: '2026-11-20T02:00-base' stands for 2026-11-20",
                "2026-11-20T02:00 kept: daily 2026-11-20",
                "2026-11-19T02:00 kept: daily 2026-11-19",
                "2026-11-18T02:00 kept: daily 2026-11-18",
                "2026-11-17T02:00 removed: older than 3 daily, 0 weekly and 0 monthly",
            ]
        )
    }

    @Test("dumps do not take base backups' places, nor those of another database")
    func series() throws {
        let times = ["2026-11-20T02:00", "2026-11-20T04:00", "2026-11-21T02:00"]
        let backups = try ["base", "dump app", "dump other"].flatMap { series in
            try times.map { time in
                var backup = try candidate(time)
                backup.id = "\(time)-\(series)"
                backup.series = series
                return backup
            }
        }
        let decisions = RetentionPlan.make(
            backups: backups,
            policy: .generations(daily: 1, weekly: 0, monthly: 0),
            now: try utc("2026-11-21T12:00"),
            timeZone: try zone("UTC")
        )
        let kept = Set(decisions.filter(\.keep).map(\.backupID))
        #expect(kept == Set(["base", "dump app", "dump other"].map { "2026-11-21T02:00-\($0)" }))
    }

    @Test("clusters do not push each other's backups out")
    func clusters() throws {
        let old = try (1...9).map { try candidate("2026-11-0\($0)T02:00", cluster: "1") }
        let new = try (10...28).map { try candidate("2026-11-\($0)T02:00", cluster: "2") }
        let policy = RetentionPolicy.generations(daily: 7, weekly: 0, monthly: 0)
        let kept = try plan(old + new, policy, now: "2026-11-28T15:00").filter { $0.contains("kept") }
        #expect(kept.count == 14)
        #expect(kept.contains("2026-11-09T02:00 kept: newest restorable, daily 2026-11-09"))
        #expect(kept.contains { $0.hasPrefix("2026-11-03T02:00") } && !kept.contains { $0.hasPrefix("2026-11-02") })
        let byDays = try plan(old + new, .days(7), now: "2026-11-28T15:00").filter { $0.contains("kept") }
        #expect(byDays.last == "2026-11-09T02:00 kept: newest restorable")
        #expect(byDays.count == 9)
    }

    @Test("no backups, no decisions")
    func empty() throws {
        #expect(try plan([], .standard, now: "2026-11-28T15:00").isEmpty)
    }
}
