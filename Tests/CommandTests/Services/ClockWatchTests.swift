import Foundation
import Logging
import State
import Synchronization
import TestSupport
import Testing

@testable import recyclicd

/// A clock that is set while the state can't be written.
@Suite
struct ClockWatchTests {
    /// Counts what is logged by its level.
    private final class Counter: Sendable {
        private let counts = Mutex<[Logger.Level: Int]>([:])

        func add(_ level: Logger.Level) { counts.withLock { $0[level, default: 0] += 1 } }
        func count(_ level: Logger.Level) -> Int { counts.withLock { $0[level] ?? 0 } }
    }

    private struct CountingHandler: LogHandler {
        let counter: Counter
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { counter.add(event.level) }
    }

    @Test
    func `it is told once, and recorded as soon as it can be`() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        var mark = try #require(ClockMark.now())
        mark.wallTime += 7_200
        try await state.set(.clockMark, to: mark)
        let file = folder.path("state.sqlite")
        let execute: @Sendable (String) throws -> Void = { sql in
            let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=30).executescript(sys.argv[2])"
            try Program.check("python3", ["-c", script, file, sql])
        }
        try await onOwnThread {
            try execute(
                "CREATE TRIGGER full BEFORE INSERT ON key_values BEGIN SELECT RAISE(ABORT, 'disk is full'); END;"
            )
        }
        let counter = Counter()
        let watch = ClockWatch(
            state: state,
            events: EventRecorder(state: state, logger: Logger(label: "test")),
            logger: Logger(label: "test") { _ in CountingHandler(counter: counter) },
            interval: .milliseconds(1)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            let isRepeated = try await eventually { counter.count(.debug) > 3 }
            #expect(isRepeated)
            #expect(counter.count(.warning) == 1)
            try await onOwnThread { try execute("DROP TRIGGER full;") }
            let isRecorded = try await eventually { try await state.value(.clockJump) != nil }
            #expect(isRecorded)
            group.cancelAll()
        }
        #expect(counter.count(.warning) == 1)
        try await state.close()
    }
}
