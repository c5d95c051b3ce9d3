import FoundationEssentials
import GRDB
import TestSupport
import Testing

@testable import State

@Suite("A state that was kept in memory")
struct StateRecoveryTests {
    private let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_795_000_000)
    private let first: Int64 = 1_795_000_000

    init() throws {
        directory = try TemporaryDirectory(prefix: "state")
    }

    private func drill(_ backup: String) -> DrillRecord {
        DrillRecord(backupID: backup, startedAt: start, finishedAt: start, verdict: .passed)
    }

    /// A file with something of each kind, whose daemon died in a backup.
    private func fill() async throws {
        let file = try await StateStore.open(directory: directory.path, now: start)
        let done = try await file.createJob(.backup, requestedBy: "earlier", at: start)
        try await file.startJob(done.id, at: start)
        try await file.finishJob(done.id, .succeeded(result: nil), at: start)
        try await file.startJob(try await file.createJob(.verify, requestedBy: "earlier", at: start).id, at: start)
        try await file.recordEvent("k", severity: .info, message: "earlier", at: start)
        try await file.set(.firstStart, to: start - 86_400)
        try await file.set(.scheduleInForce(of: .backup), to: "daily")
        try await file.set(.scheduleInForceSince(of: .backup), to: start - 3600)
        try await file.set(.scheduleInForce(of: .drill), to: "weekly")
        try await file.set(.scheduleInForceSince(of: .drill), to: start - 3600)
        try await file.set(.lastScheduledRun(of: .drill), to: start - 1800)
        try await file.set(.dumpedDatabases, to: ["earlier"])
        try await file.close()
    }

    @Test("is written to its file once that can be opened, beside what it holds from earlier")
    func carryingOn() async throws {
        try await fill()
        let store = try await StateStore.inMemory(now: start, numbersFrom: first)
        let running = try await store.createJob(.backup, requestedBy: "now", at: start)
        #expect(running.id == JobID(number: first))
        try await store.startJob(running.id, at: start)
        try await store.recordEvent("k", severity: .info, message: "now", at: start)
        _ = try await store.setIfAbsent(.firstStart, to: start)
        try await store.set(.scheduleInForce(of: .backup), to: "daily")
        try await store.set(.scheduleInForceSince(of: .backup), to: start)
        try await store.set(.scheduleInForce(of: .drill), to: "daily")
        try await store.set(.scheduleInForceSince(of: .drill), to: start)
        try await store.set(.dumpedDatabases, to: ["now"])
        let written = try #require(try await store.carryOn(directory: directory.path, now: start))
        #expect(written["jobs"] == 1 && written["events"] == 1)
        #expect(store.opening.isPersistent && store.opening.interruptedJobs == [JobID(number: 2)])
        // The job that runs goes on.
        try await store.finishJob(running.id, .succeeded(result: nil), at: start)
        #expect(try await store.carryOn(directory: directory.path, now: start) == nil)
        try await store.close()

        let file = try await StateStore.open(directory: directory.path, now: start)
        #expect(file.opening.interruptedJobs.isEmpty)
        let jobs = try await file.jobs()
        #expect(jobs.map(\.id.number) == [first, 2, 1])
        #expect(jobs.map(\.state) == [.succeeded, .interrupted, .succeeded])
        #expect(try await file.events().map(\.message).filter { $0.count < 10 } == ["now", "earlier"])
        #expect(try await file.value(.firstStart) == start - 86_400)
        #expect(try await file.value(.scheduleInForceSince(of: .backup)) == start - 3600)
        #expect(try await file.value(.scheduleInForceSince(of: .drill)) == start)
        #expect(try await file.value(.lastScheduledRun(of: .drill)) == start - 1800)
        #expect(try await file.value(.dumpedDatabases) == ["now"])
        try await file.close()
    }

    @Test("ends what was open in the file, whose clock is another, and sends nothing from before")
    func alerts() async throws {
        let file = try await StateStore.open(directory: directory.path, now: start)
        let record = #"{"phase":"firing"}"#
        try await file.execute(
            """
            INSERT INTO alerts (id, code, isOpen, isFired, beganAt, record) VALUES
                (1, 'backupAge', 1, 1, 0, '\(record)'), (2, 'stale', 1, 0, 0, '{"phase":"pending"}'),
                (3, 'stale', 0, 1, 0, '{"phase":"resolved","resolvedAt":"2020-01-01T00:00:00Z"}');
            INSERT INTO alert_deliveries (id, isQueued, channel, recipient, record) VALUES
                (1, 1, 'mail', 'a', '{"state":"queued"}'), (2, 0, 'mail', 'a', '{"state":"delivered"}');
            """
        )
        try await file.close()
        let store = try await StateStore.inMemory(now: start, numbersFrom: first)
        try await store.execute(
            "INSERT INTO alerts (code, isOpen, isFired, beganAt, record) VALUES ('backupAge', 1, 1, 0, '\(record)')"
        )
        _ = try await store.carryOn(directory: directory.path, now: start)
        let time = start.formatted(.iso8601)
        let resolved = #""phase":"resolved","resolvedAt""#
        #expect(
            try await store.texts("SELECT isOpen || record FROM alerts ORDER BY id") == [
                "0{\(resolved):\"\(time)\"}", "0{\(resolved):\"2020-01-01T00:00:00Z\"}", "1\(record)",
            ]
        )
        #expect(
            try await store.texts("SELECT isQueued || record FROM alert_deliveries ORDER BY id") == [
                #"0{"state":"dropped","finishedAt":"\#(time)"}"#, #"0{"state":"delivered"}"#,
            ]
        )
        try await store.close()
    }

    @Test("loses nothing that is recorded while it moves")
    func concurrency() async throws {
        let store = try await StateStore.inMemory(now: start, numbersFrom: first)
        let (start, path) = (start, directory.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask { try await store.recordEvent("k", severity: .info, message: "\(number)", at: start) }
                group.addTask { _ = try await store.events(limit: 1) }
                if number == 200 { group.addTask { _ = try await store.carryOn(directory: path, now: start) } }
            }
            try await group.waitForAll()
        }
        try await store.close()
        let file = try await StateStore.open(directory: path, now: start)
        #expect(Set(try await file.events(limit: 1000).map(\.message)) == Set((0..<400).map { "\($0)" }))
        try await file.close()
    }

    @Test("stays as it is while the file can't be opened, or not all can be written to it")
    func failure() async throws {
        let store = try await StateStore.inMemory(now: start, numbersFrom: 1)
        _ = try await store.createJob(.backup, requestedBy: "now", at: start)
        await #expect(throws: StateError.self) {
            try await store.carryOn(directory: directory.path("nowhere"), now: start)
        }
        // A job of the same number is there: nothing of it may be overwritten.
        try await fill()
        await #expect(throws: StateError.self) { try await store.carryOn(directory: directory.path, now: start) }
        #expect(!store.opening.isPersistent)
        #expect(try await store.jobs().map(\.requestedBy) == ["now"])
        let file = try await StateStore.open(directory: directory.path, now: start)
        #expect(try await file.jobs().map(\.requestedBy) == ["earlier", "earlier"])
        try await file.close()
    }

    @Test("holds what was found last of each object and each backup")
    func verification() async throws {
        let file = try await StateStore.open(directory: directory.path, now: start)
        try await file.recordVerification(
            verified: [VerifiedObject(name: "a", sizeBytes: 1, verifiedAt: start)],
            damaged: [DamagedObject(name: "b", foundAt: start, reason: "earlier")]
        )
        try await file.close()
        let store = try await StateStore.inMemory(now: start, numbersFrom: first)
        try await store.recordVerification(
            verified: [VerifiedObject(name: "b", sizeBytes: 1, verifiedAt: start)],
            damaged: [DamagedObject(name: "a", foundAt: start, reason: "now")]
        )
        _ = try await store.recordDrill(drill("x"))
        _ = try await store.carryOn(directory: directory.path, now: start)
        #expect(try await store.damagedObjects().map(\.name) == ["a"])
        #expect(try await store.drills(limit: 10).map(\.id) == [first])
        try await store.close()
    }
}

extension StateStore {
    fileprivate func execute(_ sql: String) async throws { try await write { try $0.execute(sql: sql) } }

    fileprivate func texts(_ sql: String) async throws -> [String] {
        try await read { try String.fetchAll($0, sql: sql) }
    }
}
