import FoundationEssentials
import State
import Testing

@Suite("History")
struct HistoryTests {
    private let start = Date(timeIntervalSince1970: 1_795_000_000 - 1_795_000_000.truncatingRemainder(dividingBy: 3600))

    private func sample(_ seconds: Double) -> HistorySample {
        HistorySample(time: start + seconds, health: "ok", freeBytes: Int64(seconds), isDatabaseReachable: true)
    }

    @Test("samples come back as they were, all or the first of each hour")
    func roundTrip() async throws {
        let store = try await StateStore.inMemory(now: start)
        let whole = HistorySample(
            time: start,
            health: "warning",
            exposureSeconds: 1.5,
            backupAgeSeconds: 2.5,
            backups: 3,
            repositoryBytes: 4,
            freeBytes: 5,
            isDatabaseReachable: false,
            databaseBytes: 6,
            residentBytes: 7,
            cpuSeconds: 8.5
        )
        let all = [whole, sample(60), sample(3599), sample(3600), sample(7300)]
        for sample in all { try await store.recordSample(sample) }
        #expect(try await store.samples(since: start, isHourly: false) == all)
        #expect(try await store.samples(since: start, isHourly: true) == [all[0], all[3], all[4]])
        #expect(try await store.samples(since: start + 61, isHourly: false) == Array(all[2...]))
        #expect(try await store.samples(since: start, isHourly: false, limit: 2) == Array(all[3...]))
    }

    @Test("what would be lost may be everything, or not known")
    func exposure() async throws {
        let store = try await StateStore.inMemory(now: start)
        for (index, seconds) in [Double.infinity, 3.5, nil].enumerated() {
            var sample = sample(Double(index) * 60)
            sample.exposureSeconds = seconds
            try await store.recordSample(sample)
        }
        let samples = try await store.samples(since: start, isHourly: false)
        #expect(samples.map(\.exposureSeconds) == [.infinity, 3.5, nil])
        #expect(try await store.samples(since: start, until: start + 120, isHourly: false) == Array(samples[..<2]))
        #expect(try await store.lastSample() == samples[2])
    }

    @Test("of each day the last sample tells the free space")
    func dailySpace() async throws {
        let store = try await StateStore.inMemory(now: start)
        let midnight = start.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400)
        for hour in 0..<72 { try await store.recordSample(sample(Double(hour) * 3_600 - midnight)) }
        var unknown = sample(72 * 3_600 - 1 - midnight)
        unknown.freeBytes = nil
        try await store.recordSample(unknown)
        let days = try await store.dailySpaceSamples(since: start - midnight + 3_600)
        #expect(days == [23, 47, 71].map { sample($0 * 3_600 - midnight) })
    }

    @Test("the history does not grow without end, and the hours outlive the minutes")
    func bounded() async throws {
        let store = try await StateStore.inMemory(now: start)
        let extra = 180
        for minute in 0..<(StateLimits.minuteSamples + extra) {
            try await store.recordSample(sample(Double(minute) * 60))
        }
        let all = try await store.samples(since: start, isHourly: false)
        let hours = try await store.samples(since: start, isHourly: true)
        #expect(hours.count == (StateLimits.minuteSamples + extra) / 60)
        #expect(hours.first == sample(0))
        // 3,180 samples, of which 53 are the first of their hour: the rest has its own bound.
        #expect(all.count == StateLimits.minuteSamples + hours.count)
    }

    @Test("jobs are counted by kind and state")
    func jobs() async throws {
        let store = try await StateStore.inMemory(now: start)
        let first = try await store.createJob(.backup, requestedBy: "test", at: start)
        _ = try await store.createJob(.backup, requestedBy: "test", at: start)
        _ = try await store.createJob(.drill, requestedBy: "test", at: start)
        try await store.startJob(first.id, at: start)
        try await store.finishJob(first.id, .succeeded(result: nil), at: start)
        let counts = try await store.jobCounts()
        #expect(counts == [.backup: [.succeeded: 1, .queued: 1], .drill: [.queued: 1]])
    }
}
