import Foundation
import TestSupport
import Testing

@testable import Protection

@Suite("What holds for any set of backups")
struct RetentionPropertyTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func randomBackups(_ generator: inout SeededGenerator) -> [RetentionCandidate] {
        let span = Double([3, 40, 800].randomElement(using: &generator) ?? 40) * 86_400
        return (0..<Int.random(in: 0...60, using: &generator)).map { number in
            let condition: RetentionCandidate.Condition =
                switch Int.random(in: 0..<20, using: &generator) {
                case 0, 1: .damaged
                case 2, 3: .marked
                case 4: .running
                default: .good
                }
            // A few at the same second, a few in the future.
            let age = (Double.random(in: -0.03...1, using: &generator) * span / 1800).rounded() * 1800
            let start = Self.now - age
            return RetentionCandidate(
                id: "b\(number)",
                cluster: Int.random(in: 0..<5, using: &generator) == 0 ? "old" : "new",
                series: ["base", "base", "dump app", "dump other"].randomElement(using: &generator) ?? "base",
                startedAt: start,
                condition: condition,
                isPinned: Int.random(in: 0..<25, using: &generator) == 0,
                provedAt: Int.random(in: 0..<10, using: &generator) == 0
                    ? start + Double.random(in: 3600...800_000, using: &generator) : nil
            )
        }
    }

    private func randomPolicy(_ generator: inout SeededGenerator) -> RetentionPolicy {
        if Int.random(in: 0..<4, using: &generator) == 0 { return .days(Int.random(in: 0...60, using: &generator)) }
        return .generations(
            daily: Int.random(in: 0...9, using: &generator),
            weekly: Int.random(in: 0...6, using: &generator),
            monthly: Int.random(in: 0...13, using: &generator)
        )
    }

    @Test("order does not matter, a plan applied asks for nothing more, and what must stay stays", arguments: 0..<8)
    func properties(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let timeZone = try zone(["Europe/Paris", "UTC", "Pacific/Apia", "America/New_York"][Int(seed) % 4])
        for _ in 0..<25 {
            let backups = randomBackups(&generator)
            let policy = randomPolicy(&generator)
            let plan = RetentionPlan.make(backups: backups, policy: policy, now: Self.now, timeZone: timeZone)

            #expect(Set(plan.map(\.backupID)) == Set(backups.map(\.id)) && plan.count == backups.count)
            #expect(plan.allSatisfy { !$0.reasons.isEmpty })
            let shuffled = backups.shuffled(using: &generator)
            #expect(RetentionPlan.make(backups: shuffled, policy: policy, now: Self.now, timeZone: timeZone) == plan)

            let keptIDs = Set(plan.filter(\.keep).map(\.backupID))
            let kept = backups.filter { keptIDs.contains($0.id) }
            let again = RetentionPlan.make(backups: kept, policy: policy, now: Self.now, timeZone: timeZone)
            #expect(again.allSatisfy { $0.keep }, "a second pass removes \(again.filter { !$0.keep })")

            for backup in backups where backup.isPinned || backup.condition == .running || backup.startedAt > Self.now {
                #expect(keptIDs.contains(backup.id))
            }
            for (key, members) in Dictionary(grouping: backups, by: { [$0.cluster, $0.series] }) {
                let past = members.filter { $0.startedAt <= Self.now && $0.condition != .running }
                let newestGood = past.filter { $0.condition == .good }.map(\.startedAt).max()
                if let newestGood {
                    #expect(
                        kept.contains {
                            [$0.cluster, $0.series] == key && $0.startedAt == newestGood && $0.condition == .good
                        }
                    )
                }
                #expect(past.isEmpty || kept.contains { [$0.cluster, $0.series] == key && past.contains($0) })
                let lastProof = past.filter { $0.condition != .damaged }.compactMap(\.provedAt).max()
                if let lastProof {
                    #expect(kept.contains { [$0.cluster, $0.series] == key && $0.provedAt == lastProof })
                }
                if case .generations(let daily, let weekly, let monthly) = policy {
                    let always = members.filter {
                        $0.isPinned || $0.condition == .running || $0.condition == .damaged || $0.startedAt > Self.now
                    }
                    let count = kept.filter { [$0.cluster, $0.series] == key }.count
                    #expect(count <= daily + weekly + monthly + always.count + 2)
                }
            }
        }
    }

    @Test("what becomes of base backups, or of a database's dumps, does not hang on the others", arguments: 0..<6)
    func independence(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 200 + seed)
        let timeZone = try zone("Europe/Paris")
        for _ in 0..<25 {
            let backups = randomBackups(&generator)
            let policy = randomPolicy(&generator)
            let plan = RetentionPlan.make(backups: backups, policy: policy, now: Self.now, timeZone: timeZone)
            for series in Set(backups.map(\.series)) {
                let members = backups.filter { $0.series == series }
                let alone = RetentionPlan.make(backups: members, policy: policy, now: Self.now, timeZone: timeZone)
                let ids = Set(members.map(\.id))
                #expect(alone == plan.filter { ids.contains($0.backupID) })
            }
        }
    }

    @Test("more places never keep less", arguments: 0..<4)
    func monotone(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        let timeZone = try zone("Europe/Paris")
        for _ in 0..<20 {
            let backups = randomBackups(&generator)
            var before: Set<String> = []
            for places in 0...8 {
                let policy = RetentionPolicy.generations(daily: places, weekly: places / 2, monthly: places)
                let plan = RetentionPlan.make(backups: backups, policy: policy, now: Self.now, timeZone: timeZone)
                let kept = Set(plan.filter(\.keep).map(\.backupID))
                #expect(before.isSubset(of: kept))
                before = kept
            }
        }
    }

    @Test("a backup a day under 7, 4 and 12 for two years keeps 7 days, 4 weeks and 12 months at every moment")
    func twoYears() throws {
        let timeZone = try zone("Europe/Paris")
        let clock = LocalClock(timeZone: timeZone)
        let rule = ScheduleRule.daily(try #require(TimeOfDay(hour: 2, minute: 0)))
        let start = try utc("2025-01-05T12:00")
        var held: [RetentionCandidate] = []
        var taken: [CivilDay] = []
        for (number, run) in rule.runs(after: start, through: start + 730 * 86_400, in: timeZone).enumerated() {
            held.append(RetentionCandidate(id: "b\(number)", cluster: "1", startedAt: run))
            taken.append(clock.day(at: Int(run.timeIntervalSince1970)))
            let plan = RetentionPlan.make(
                backups: held,
                policy: .standard,
                now: run + 600,
                timeZone: timeZone
            )
            let keptIDs = Set(plan.filter(\.keep).map(\.backupID))
            held.removeAll { !keptIDs.contains($0.id) }

            // Expected, worked out from the calendar alone: the last 7 days, the last day of each of the last 4 weeks,
            // the last day of each of the last 12 months, of all days that ever had a backup.
            var expected = Set(taken.suffix(7))
            for name in [\CivilDay.weekText, \CivilDay.monthText] {
                var ends: [CivilDay] = []
                for day in taken.reversed() where ends.last?[keyPath: name] != day[keyPath: name] { ends.append(day) }
                expected.formUnion(ends.prefix(name == \CivilDay.weekText ? 4 : 12))
            }
            let days = Set(held.map { clock.day(at: Int($0.startedAt.timeIntervalSince1970)) })
            #expect(days == expected)
        }
        #expect(taken.count == 730)
        #expect((19...23).contains(held.count))
    }
}
