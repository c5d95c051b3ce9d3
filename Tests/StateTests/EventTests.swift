import FoundationEssentials
import GRDB
import Testing

@testable import State

@Suite("Events")
struct EventTests {
    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    @Test("events come back as they were, newest first or from a given one on")
    func roundTrip() async throws {
        let store = try await StateStore.inMemory(now: start)
        let details = try JSONText(encoding: ["bytes": 7])
        let first = try await store.recordEvent(
            "backupStored",
            severity: .info,
            subject: "20261121T020000Z-base",
            message: "stored",
            details: details,
            at: start + 0.123
        )
        let second = try await store.recordEvent("clockJumped", severity: .warning, message: "back", at: start - 60)
        #expect(try await store.events() == [second, first])
        #expect(try await store.events(after: first.id) == [second])
        #expect(try await store.events(before: second.id) == [first])
        #expect(first.details == details && second.subject == nil)
    }

    @Test("events are chosen by number, time and kind; the newest that fit, oldest first")
    func filters() async throws {
        let store = try await StateStore.inMemory(now: start)
        var all: [Event] = []
        for (number, kind) in ["daemonStarted", "backupStored", "backupFailed", "backupStored"].enumerated() {
            all.append(
                try await store.recordEvent(
                    kind,
                    severity: .info,
                    message: kind,
                    at: start + Double(number) * 60
                )
            )
        }
        func found(_ filter: EventFilter, limit: Int = 10) async throws -> [Int64] {
            try await store.events(matching: filter, limit: limit).map(\.id)
        }
        let ids = all.map(\.id)
        #expect(try await found(EventFilter()) == ids)
        #expect(try await found(EventFilter(), limit: 2) == Array(ids[2...]))
        #expect(try await found(EventFilter(after: ids[1])) == Array(ids[2...]))
        #expect(try await found(EventFilter(since: start + 60, until: start + 180)) == Array(ids[1...2]))
        #expect(try await found(EventFilter(kinds: ["backupStored"])) == [ids[1], ids[3]])
        #expect(try await store.lastEventID() == ids[3])
        #expect(try await store.recordedEventKinds() == ["daemonStarted", "backupStored", "backupFailed"])
    }

    @Test(
        "who waits for events is woken by the next one, also when it came before they began to wait",
        .timeLimit(.minutes(1))
    )
    func arrivals() async throws {
        let store = try await StateStore.inMemory(now: start)
        let (first, second) = (store.eventArrivals(), store.eventArrivals())
        try await store.recordEvent(EventDraft(.daemonStarted, .info, "started"), at: start)
        for await _ in first { break }
        for await _ in second { break }
    }

    @Test("what lasts is told when it changes, and not when it is good at the first look")
    func conditions() {
        var conditions = WatchedConditions()
        #expect(conditions.observe(.database, .good, at: start) == nil)
        #expect(conditions.observe(.database, .good, at: start + 1) == nil)
        let lost = conditions.observe(.database, .bad, at: start + 2)
        #expect(lost?.before == .good && lost?.since == start)
        #expect(conditions.observe(.database, .bad, at: start + 3) == nil)
        let back = conditions.observe(.database, .good, at: start + 60)
        #expect(back?.before == .bad && back?.since == start + 2)
        let low = conditions.observe(.disk, .poor, at: start)
        #expect(low?.before == .good && low?.since == nil)
    }

    @Test("only the newest ten thousand stay")
    func bounded() async throws {
        let store = try await StateStore.inMemory(now: start)
        let start = start
        try await store.write { database in
            for number in 1...(StateLimits.events + 250) {
                try StateStore.insertEvent(
                    in: database,
                    time: start,
                    kind: "k",
                    severity: .info,
                    message: "\(number)"
                )
            }
        }
        let count = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM events") }
        #expect(count == StateLimits.events)
        #expect(try await store.events(limit: 1).first?.message == "10250")
        #expect(try await store.events(after: 0, limit: 1).first?.message == "251")
    }

    @Test("finished jobs are bounded, unfinished ones stay")
    func boundedJobs() async throws {
        let store = try await StateStore.inMemory(now: start)
        let waiting = try await store.createJob(.backup, requestedBy: "a", at: start)
        try await store.write { database in
            for _ in 0..<(StateLimits.finishedJobs + 20) {
                try database.execute(
                    sql: """
                        INSERT INTO jobs (kind, detail, state, requestedBy, createdAt)
                        VALUES ('gc', '{}', 'succeeded', 'a', 0)
                        """
                )
            }
        }
        _ = try await store.createJob(.backup, requestedBy: "a", at: start)
        let count = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM jobs") }
        #expect(count == StateLimits.finishedJobs + 2)
        #expect(try await store.job(waiting.id) != nil)
    }
}
