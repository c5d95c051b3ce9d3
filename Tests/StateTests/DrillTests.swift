import FoundationEssentials
import State
import Testing

@Suite("Drills and single values")
struct DrillTests {
    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    @Test("drills come back with their phases and checks, and can be acknowledged")
    func drills() async throws {
        let store = try await StateStore.inMemory(now: start)
        #expect(try await store.lastDrill() == nil)
        let passed = try await store.recordDrill(
            DrillRecord(
                jobID: JobID(number: 4),
                backupID: "a",
                startedAt: start,
                finishedAt: start + 90,
                verdict: .passed,
                phases: [DrillPhase(name: "restore", seconds: 61.5), DrillPhase(name: "start", seconds: 2)],
                checks: [DrillCheck(name: "pg_checksums", verdict: .passed, message: "0 bad")]
            )
        )
        let unjudged = try await store.recordDrill(
            DrillRecord(
                backupID: "b",
                startedAt: start + 100,
                finishedAt: start + 101,
                verdict: .cannotJudge,
                reason: "there is no PostgreSQL 16 here"
            )
        )
        #expect(passed.id == 1 && unjudged.id == 2)
        #expect(try await store.drills() == [unjudged, passed])
        #expect(try await store.lastDrill(verdict: .passed) == passed)
        #expect(try await store.drills(backupID: "b") == [unjudged])
        #expect(try await store.drill(ofJob: JobID(number: 4)) == passed)
        try await store.acknowledgeDrill(unjudged.id, at: start + 200)
        try await store.acknowledgeDrill(unjudged.id, at: start + 300)
        #expect(try await store.drill(2)?.acknowledgedAt == start + 200)
        await #expect(throws: StateError.self) { try await store.acknowledgeDrill(9, at: start) }
    }

    @Test("single values come back exactly and keep their type")
    func values() async throws {
        let store = try await StateStore.inMemory(now: start)
        let exact = Date(timeIntervalSinceReferenceDate: 785_123_456.789_012_3)
        #expect(try await store.value(.firstStart) == nil)
        #expect(try await store.setIfAbsent(.firstStart, to: exact) == exact)
        #expect(try await store.setIfAbsent(.firstStart, to: start) == exact)
        #expect(try await store.value(.firstStart) == exact)
        try await store.set(.lastScheduledRun(of: .backup), to: start)
        try await store.set(.lastScheduledRun(of: .backup), to: start + 1)
        #expect(try await store.value(.lastScheduledRun(of: .backup)) == start + 1)
        #expect(try await store.value(.lastScheduledRun(of: .drill)) == nil)
        let cluster = KnownCluster(
            systemIdentifier: "7300000000000000001",
            serverVersion: "15.20",
            firstSeenAt: start,
            lastSeenAt: start
        )
        try await store.set(.knownCluster, to: cluster)
        #expect(try await store.value(.knownCluster) == cluster)
        try await store.remove(.knownCluster)
        #expect(try await store.value(.knownCluster) == nil)
        await #expect(throws: StateError.self) { try await store.value(StateKey<[Int]>("firstStart")) }
    }

    @Test("two readings of the clocks show how far the wall clock was set")
    func clockMarks() {
        let mark = ClockMark(wallTime: start, secondsSinceBoot: 1000, bootID: "a")
        let forward = ClockMark(wallTime: start + 3660, secondsSinceBoot: 1060, bootID: "a")
        #expect(forward.jump(since: mark) == 3600)
        let back = ClockMark(wallTime: start - 3540, secondsSinceBoot: 1060, bootID: "a")
        #expect(back.jump(since: mark) == -3600)
        let other = ClockMark(wallTime: start + 3660, secondsSinceBoot: 60, bootID: "b")
        #expect(other.jump(since: mark) == nil)
    }
}
