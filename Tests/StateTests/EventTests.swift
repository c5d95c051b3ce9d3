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
