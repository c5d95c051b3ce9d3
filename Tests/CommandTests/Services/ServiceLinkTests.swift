import Foundation
import Glibc
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

    /// Answers each call by turning it away, as a control socket does that has too many clients, and counts them.
    private final class Turnstile: Sendable {
        private let descriptor: Int32
        private let calls = Mutex(0)
        var count: Int { calls.withLock { $0 } }

        init(path: String) throws {
            let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard result == 0, listen(listener, 16) == 0 else { throw TestSupportError("can't listen at '\(path)'") }
            descriptor = listener
            Thread { [weak self] in
                while true {
                    let client = accept(listener, nil, nil)
                    guard client >= 0 else { break }
                    self?.calls.withLock { $0 += 1 }
                    close(client)
                }
                close(listener)
            }.start()
        }

        /// Ends the thread, which closes the descriptor.
        deinit {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    @Test
    func `nothing is fed while one part is stuck, however the others beat, and feeding goes on when it comes around`()
        async throws
    {
        let folder = try TemporaryDirectory()
        let socket = try Turnstile(path: folder.path("control"))
        let (sent, lines) = (Messages(), Messages())
        let heartbeats = Heartbeats()
        let silent = heartbeats.part("scheduler", patience: .milliseconds(200))
        let others = ["collector", "job runner"].map { heartbeats.part($0, patience: .seconds(600)) }
        let link = ServiceLink(
            notifier: ServiceNotifier { sent.add($0) },
            watchdog: .milliseconds(100),
            heartbeats: heartbeats,
            selfCall: SelfCall(path: folder.path("control")),
            onReady: { lines.add("ready") },
            logger: Logger(label: "test") { _ in Recorder(lines: lines) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await link.run() }
            let isStuck = try await eventually { lines.all.contains { $0.contains("the scheduler is stuck") } }
            #expect(isStuck)
            #expect(lines.all.first == "ready")
            #expect(sent.all.first == "READY=1\nSTATUS=measuring for the first time")
            let (fed, rounds) = (sent.all.count { $0 == "WATCHDOG=1" }, socket.count)
            // Each round calls the socket first.
            let goesRound = try await eventually {
                for other in others { other.beat() }
                return socket.count >= rounds + 5
            }
            #expect(goesRound)
            #expect(sent.all.count { $0 == "WATCHDOG=1" } == fed)
            #expect(lines.all.count { $0.contains("is stuck") } == 1)
            let goesOn = try await eventually {
                silent.beat()
                return sent.all.count { $0 == "WATCHDOG=1" } > fed
            }
            #expect(goesOn)
            group.cancelAll()
        }
    }

    @Test
    func `a socket on which nobody answers is not ready`() async throws {
        let folder = try TemporaryDirectory()
        #expect(await !SelfCall(path: folder.path("nobody")).isAnswered())
    }
}
