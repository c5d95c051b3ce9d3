import Blocking
import Foundation
import Logging
import Monitoring
import State
import TestSupport
import Testing

@testable import recyclicd

/// Recording what happened, also when it can't be written.
@Suite
struct EventRecorderTests {
    private struct Trouble: OperatorError {
        let code = "down"
        let message = "nobody listens"
        let hint: String? = nil
    }

    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    private func recorder(_ state: StateStore) -> EventRecorder {
        EventRecorder(state: state, logger: Logger(label: "test"))
    }

    private func messages(_ state: StateStore) async throws -> [String] {
        try await state.events(matching: EventFilter(), limit: 10_000).map(\.message)
    }

    @Test
    func `what can't be written waits and is written in its order, with its own times`() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: start)
        let file = folder.path("state.sqlite")
        let execute: @Sendable (String) throws -> Void = { sql in
            let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=30).executescript(sys.argv[2])"
            try Program.check("python3", ["-c", script, file, sql])
        }
        try await onOwnThread {
            try execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk is full'); END;")
        }
        let recorder = recorder(state)
        for number in 0..<600 {
            await recorder.record(EventDraft(.daemonStarted, .info, "\(number)"), at: start + Double(number))
        }
        #expect(try await messages(state).isEmpty)
        try await onOwnThread { try execute("DROP TRIGGER full;") }
        await recorder.flush()
        // The newest 500 count.
        #expect(try await messages(state) == (100..<600).map(String.init))
        #expect(try await state.events(limit: 1).first?.time == start + 599)
        try await state.close()
    }

    @Test
    func `many who record at once lose nothing`() async throws {
        let state = try await StateStore.inMemory(now: start)
        let recorder = recorder(state)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { await recorder.record(EventDraft(.jobFailed, .error, "\(number)")) }
            }
        }
        await recorder.flush()
        #expect(Set(try await messages(state)) == Set((0..<200).map(String.init)))
    }

    @Test
    func `a database that is away is told once, also when the daemon was restarted meanwhile`() async throws {
        let state = try await StateStore.inMemory(now: start)
        let first = recorder(state)
        await first.observe(database: nil, at: start)
        for second in 1..<4 { await first.observe(database: Trouble(), at: start + Double(second)) }
        let second = recorder(state)
        await second.observe(database: Trouble(), at: start + 100)
        await second.observe(database: nil, at: start + 201)
        await second.observe(database: nil, at: start + 202)
        #expect(
            try await messages(state) == [
                "the database can't be reached: nobody listens", "the database answers again after 3 min 20 s",
            ]
        )
    }

    @Test
    func `what is noted of how things stand is the newest, however many say so at once`() async throws {
        for _ in 0..<50 {
            let state = try await StateStore.inMemory(now: start)
            let recorder = recorder(state)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await recorder.observe(repository: nil, at: start) }
                group.addTask { await recorder.observe(database: Trouble(), at: start) }
                group.addTask {
                    await recorder.observe(freeBytes: 0, thresholds: HealthThresholds(), at: start)
                }
            }
            await recorder.flush()
            let conditions = try #require(try await state.value(.conditions))
            #expect(conditions[.repository]?.level == .good)
            #expect(conditions[.database]?.level == .bad)
            #expect(conditions[.disk]?.level == .bad)
            #expect(try await messages(state).count == 2)
        }
    }

    @Test
    func `space that goes up and down around a limit makes one event`() async throws {
        let state = try await StateStore.inMemory(now: start)
        let recorder = recorder(state)
        let gib = Double(1 << 30)
        for free in [20, 4.9, 5.1, 4.8, 5.2, 0.9, 1.05, 0.95, 1.2, 6] {
            await recorder.observe(freeBytes: Int64(free * gib), thresholds: HealthThresholds(), at: start)
        }
        let events = try await state.events(matching: EventFilter(), limit: 10)
        #expect(events.map(\.kind) == ["diskLow", "diskLow", "diskRecovered", "diskRecovered"])
        #expect(events.map(\.severity) == [.warning, .error, .info, .info])
    }

    @Test
    func `a start says whether the run before was stopped`() {
        let clean = DaemonRun(startedAt: start, version: "1.0", endedAt: start + 60)
        var killed = clean
        killed.endedAt = nil
        #expect(Events.started(version: "1.0", after: nil).map(\.kind) == [.daemonStarted])
        #expect(Events.started(version: "1.0", after: clean).map(\.message) == ["recyclicd 1.0 started"])
        #expect(Events.started(version: "1.1", after: clean).map(\.message) == ["recyclicd 1.1 started (1.0 before)"])
        let after = Events.started(version: "1.0", after: killed, lastMeasuredAt: start)
        #expect(after.map(\.kind) == [.daemonDied, .daemonStarted])
        #expect(after[0].message.contains("it was killed") && after[0].message.contains("2026-11-18"))
        let power = Events.started(version: "1.0", after: killed, wasRestarted: true)
        #expect(power[0].message.contains("the machine went down"))
    }

    @Test
    func `a job's end is told by its work, or else by how it ended`() {
        let id = JobID(number: 3)
        let told = [EventDraft(.drillFailed, .error, "drill d1 failed")]
        let failure = JobFailure(code: "diskFull", message: "the disk is full")
        #expect(JobEvents.drafts(id, .drill, .failed(failure, result: nil), told: told) == told)
        let backup = JobEvents.drafts(id, .backup, .failed(failure, result: nil))
        #expect(backup.map(\.kind) == [.backupFailed] && backup[0].message == "backup j3 failed: the disk is full")
        #expect(JobEvents.drafts(id, .verify, .failed(failure, result: nil)).map(\.kind) == [.jobFailed])
        #expect(JobEvents.drafts(id, .retention, .succeeded(result: nil)).isEmpty)
        let cancelled = JobEvents.drafts(id, .backup, .cancelled(), cancelledBy: "ann")
        #expect(cancelled.map(\.message) == ["backup j3 was cancelled by ann"])
        let stored = [EventDraft(.backupStored, .info, "stored one of two")]
        let halfway = JobEvents.drafts(id, .dump, .cancelled(), told: stored, cancelledBy: "ann")
        #expect(halfway.map(\.kind) == [.backupStored, .backupCancelled])
    }

    @Test
    func `damage is told when it is new and when it is gone`() {
        let nothing = WorkEvents.verified(before: ["a"], after: ["a"], affected: ["x"])
        #expect(nothing.isEmpty)
        let both = WorkEvents.verified(before: ["a", "b"], after: ["b", "c"], affected: ["x"])
        #expect(both.map(\.kind) == [.damageFound, .damageMended])
        #expect(both[0].message.contains("1 damaged or missing object, beside 1 that was known, affecting 1 backup"))
        #expect(both[1].message == "1 object that had been damaged or missing is so no more; 2 damaged ones are left")
        #expect(WorkEvents.removed([], freedBytes: 5) == nil)
        #expect(WorkEvents.removed(["x"], freedBytes: 0)?.message == "retention removed 1 backup")
    }
}
