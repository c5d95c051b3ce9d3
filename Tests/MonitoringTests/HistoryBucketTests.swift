import FoundationEssentials
import Monitoring
import State
import Testing

@Suite("History by hours and days")
struct HistoryBucketTests {
    /// 2026-11-22T00:00:00Z.
    private let midnight = Date(timeIntervalSince1970: 1_795_305_600)

    private func sample(
        _ seconds: Double,
        health: String = "ok",
        exposure: Double? = nil,
        reachable: Bool = true,
        cpu: Double? = nil
    ) -> HistorySample {
        HistorySample(
            time: midnight + seconds,
            health: health,
            exposureSeconds: exposure,
            repositoryBytes: Int64(seconds),
            freeBytes: Int64(100_000 - seconds),
            isDatabaseReachable: reachable,
            cpuSeconds: cpu
        )
    }

    private func buckets(
        _ samples: [HistorySample],
        by unit: HistoryBucket.Unit = .hour,
        until end: Double = 86_400,
        offset: @escaping (Date) -> Int = { _ in 0 }
    ) -> [HistoryBucket] {
        HistoryBucket.buckets(samples, by: unit, until: midnight + end, secondsFromUTC: offset)
    }

    @Test("each hour has its own figures, and hours in which nobody looked are left out")
    func hours() throws {
        var samples: [HistorySample] = []
        for minute in 0..<60 { samples.append(sample(Double(minute) * 60, exposure: Double(minute))) }
        for minute in 0..<30 {
            samples.append(sample(7_200 + Double(minute) * 60, health: "critical", reachable: minute >= 15))
        }
        let buckets = buckets(samples)
        #expect(buckets.map(\.from) == [midnight, midnight + 7_200])
        #expect(buckets.map(\.to) == [midnight + 3_600, midnight + 10_800])
        let (first, second) = (buckets[0], buckets[1])
        #expect(first.observedSeconds == 3_600 && first.healthSeconds == [.ok: 3_600] && first.worstHealth == .ok)
        #expect(first.exposureMaximumSeconds == 59 && first.databaseReachableSeconds == 3_600)
        #expect(first.repositoryBytes == 3_540 && first.freeMinimumBytes == 100_000 - 3_540)
        // The last sample of a dense stretch stands for five minutes at most.
        #expect(second.observedSeconds == 29 * 60 + 300 && second.worstHealth == .critical)
        #expect(second.databaseReachableSeconds == 14 * 60 + 300)
        #expect(second.exposureMaximumSeconds == nil)
    }

    @Test("a sample an hour makes a whole day, and a day is one of the local time")
    func days() {
        let samples = (0..<48).map { sample(Double($0) * 3_600) }
        let days = buckets(samples, by: .day, until: 2 * 86_400, offset: { _ in 3_600 })
        #expect(days.map(\.from) == [-3_600.0, 82_800, 169_200].map { midnight + $0 })
        #expect(days.map(\.observedSeconds) == [82_800, 86_400, 3_600])
    }

    @Test("the day on which the clock is put back has 25 hours")
    func clockPutBack() {
        // Until an hour after midnight UTC two hours ahead, then one: as in Paris on the last Sunday of October.
        let samples = (-3..<24).map { sample(Double($0) * 3_600) }
        let change = midnight + 3_600
        let days = buckets(samples, by: .day, offset: { $0 < change ? 7_200 : 3_600 })
        #expect(days.map { $0.to.timeIntervalSince($0.from) } == [86_400, 90_000, 86_400])
        #expect(zip(days, days.dropFirst()).allSatisfy { $0.to == $1.from })
    }

    @Test("processor time goes on over a restart of the daemon, which begins at 0")
    func processor() {
        let used = [10.0, 11, 0.5, 2].enumerated().map { sample(Double($0.offset) * 60, cpu: $0.element) }
        #expect(buckets(used).first?.cpuSeconds == 1 + 0.5 + 1.5)
    }

    @Test("everything exposed for a moment is everything exposed in that hour")
    func everything() {
        let samples = [sample(0, exposure: .infinity), sample(60, exposure: 5)]
        #expect(buckets(samples).first?.exposureMaximumSeconds == .infinity)
        #expect(ExposurePeak.peak(of: samples) == ExposurePeak(time: midnight, amount: .everything))
        #expect(ExposurePeak.peak(of: [samples[1], sample(120, exposure: 5)])?.time == midnight + 60)
        #expect(ExposurePeak.peak(of: [sample(0)]) == nil)
    }

    @Test("health over time has no holes, and says where nobody looked")
    func spans() {
        let samples =
            [sample(600), sample(660), sample(720, health: "warning"), sample(780, health: "warning")]
            + [sample(4_000, health: "critical"), sample(4_060, health: "critical")]
        let spans = HealthSpan.spans(samples, from: midnight, to: midnight + 4_100)
        let expected: [(Double, Double, HealthLevel?)] = [
            (0, 600, nil), (600, 720, .ok), (720, 1_080, .warning), (1_080, 4_000, nil), (4_000, 4_100, .critical),
        ]
        #expect(spans == expected.map { HealthSpan(from: midnight + $0.0, to: midnight + $0.1, level: $0.2) })
        #expect(
            HealthSpan.spans([], from: midnight, to: midnight + 60)
                == [HealthSpan(from: midnight, to: midnight + 60, level: nil)]
        )
    }
}
