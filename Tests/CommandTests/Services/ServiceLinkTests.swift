import Foundation
import Logging
import Synchronization
import Systemd
import TestSupport
import Testing

@testable import recyclicd

/// What the service manager is told while a part is stuck.
@Suite
struct ServiceLinkTests {
    private final class Messages: Sendable {
        private let messages = Mutex<[String]>([])
        var all: [String] { messages.withLock { $0 } }
        func add(_ message: String) { messages.withLock { $0.append(message) } }
    }

    private struct Recorder: LogHandler {
        let lines: Messages
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
    }

    @Test
    func `nothing is fed while a part is stuck, which is told once, and feeding goes on when it comes around`()
        async throws
    {
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere"])
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        let (sent, lines) = (Messages(), Messages())
        let heartbeats = Heartbeats()
        let heart = heartbeats.part("scheduler", patience: .milliseconds(200))
        let link = ServiceLink(
            notifier: ServiceNotifier { sent.add($0) },
            watchdog: .milliseconds(100),
            heartbeats: heartbeats,
            selfCall: SelfCall(path: daemon.socket),
            onReady: { lines.add("ready") },
            logger: Logger(label: "test") { _ in Recorder(lines: lines) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await link.run() }
            let isStuck = try await eventually { lines.all.contains { $0.contains("the scheduler is stuck") } }
            #expect(isStuck)
            #expect(lines.all.first == "ready")
            #expect(sent.all.first == "READY=1\nSTATUS=measuring for the first time")
            let fed = sent.all.count { $0 == "WATCHDOG=1" }
            try await Task.sleep(for: .milliseconds(200))
            #expect(sent.all.count { $0 == "WATCHDOG=1" } == fed)
            let goesOn = try await eventually {
                heart.beat()
                return sent.all.count { $0 == "WATCHDOG=1" } > fed
            }
            #expect(goesOn)
            #expect(lines.all.count { $0.contains("is stuck") } >= 1)
            group.cancelAll()
        }
        try await daemon.stop()
    }

    @Test
    func `a socket on which nobody answers is not ready`() async throws {
        let folder = try TemporaryDirectory()
        #expect(await !SelfCall(path: folder.path("nobody")).isAnswered())
    }
}
