import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import Varlink

/// The daemon and a service manager that listens, on a real socket.
@Suite(.serialized)
struct ServiceManagerTests {
    /// What a manager heard so far.
    private final class Manager: Sendable {
        let folder: TemporaryDirectory
        private let peer: DatagramPeer
        private let heard = Mutex<[String]>([])
        private let heardLast = Mutex(ContinuousClock.now)

        init() throws {
            folder = try TemporaryDirectory(prefix: "nf")
            peer = try DatagramPeer(path: folder.path("notify"))
        }

        var path: String { peer.path }

        /// All messages so far, in order.
        var messages: [String] {
            heard.withLock { heard in
                let news = peer.texts()
                if !news.isEmpty { heardLast.withLock { $0 = .now } }
                heard += news
                return heard
            }
        }

        /// Waits until nothing was heard for so long, as a manager does that ends a service.
        func hearsNothing(for duration: Duration) async throws -> Bool {
            try await eventually {
                _ = self.messages
                return self.heardLast.withLock { $0.duration(to: .now) } >= duration
            }
        }

        func hears(_ condition: @escaping ([String]) -> Bool) async throws -> Bool {
            try await eventually { condition(self.messages) }
        }
    }

    @Test
    func `it is told what happens: ready with the state, alive, reloading, stopping`() async throws {
        let manager = try Manager()
        let variables = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "2000000"]
        let server = try await PrivatePostgres.started()
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": server.socketDirectory], variables: variables)
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        try await daemon.start()

        #expect(try await manager.hears { $0.contains { $0.hasPrefix("READY=1\nSTATUS=") } })
        #expect(manager.messages.first?.contains("READY=1") ?? false, "\(manager.messages)")
        #expect(try await manager.hears { $0.filter { $0 == "WATCHDOG=1" }.count >= 3 })
        #expect(try await manager.hears { $0.contains { Self.isHealth($0) } }, "\(manager.messages)")
        let first = try #require(manager.messages.first { Self.isHealth($0) })
        try await daemon.backUp()
        // That there is no backup is not the reason any more.
        #expect(try await manager.hears { $0.contains { Self.isHealth($0) && $0 != first } }, "\(manager.messages)")

        for reload in [{ daemon.kill(SIGHUP) }, { _ = try await daemon.ctl("reload") }] as [() async throws -> Void] {
            let before = manager.messages.count
            try await reload()
            #expect(try await manager.hears { $0.dropFirst(before).contains("READY=1") }, "\(manager.messages)")
            let words = manager.messages.dropFirst(before).filter { $0 != "WATCHDOG=1" && !$0.hasPrefix("STATUS=") }
            #expect(words.count == 2 && words.first?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true, "\(words)")
        }

        try await daemon.stop()
        let last = manager.messages.drop { !$0.hasPrefix("STOPPING=1\nSTATUS=") }
        #expect(last.contains("EXTEND_TIMEOUT_USEC=10000000"), "\(manager.messages)")
        #expect(!last.contains { $0.hasPrefix("READY=1") })
        try await scene.end()
    }

    private static func isHealth(_ message: String) -> Bool {
        ["OK", "WARNING", "CRITICAL"].contains { message.hasPrefix("STATUS=\($0): ") }
    }

    @Test
    func `it is not told that all is well while the daemon stands still, and again when it goes on`() async throws {
        let manager = try Manager()
        let variables = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"]
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere"], variables: variables)
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        #expect(try await manager.hears { $0.contains("WATCHDOG=1") })
        let process = try #require(daemon.pid)
        daemon.kill(SIGSTOP)
        // Stopped when the kernel says so.
        _ = try await eventually {
            (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") T ") ?? false
        }
        // The time after which it is taken for dead.
        #expect(try await manager.hearsNothing(for: .milliseconds(400)))
        let before = manager.messages.count
        daemon.kill(SIGCONT)
        #expect(try await manager.hears { $0.count > before })
        try await daemon.stop()
    }

    @Test
    func `the daemon takes over the socket that systemd-socket-activate opened`() async throws {
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere"])
        daemon.expectError("the server can't be reached")
        daemon.expectError("Listening on")
        daemon.expectError("Communication attempt")
        daemon.expectError("Execing")
        try FileManager.default.createDirectory(atPath: daemon.runtime, withIntermediateDirectories: true)
        var wrapper = ["systemd-socket-activate", "--listen=\(daemon.socket)", "--fdname=control"]
        for (name, value) in daemon.environment { wrapper.append("--setenv=\(name)=\(value)") }
        try await daemon.start(under: wrapper)
        #expect(daemon.log.contains("Listening on"))
        // It is the manager's, so it stays.
        try await daemon.stop()
        #expect(access(daemon.socket, F_OK) == 0)
    }

    @Test
    func `log lines are JSON objects where that is asked for`() async throws {
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere", "LOG_FORMAT": "json"])
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        let isTold = try await eventually { daemon.log.contains("the server can't be reached") }
        #expect(isTold)
        let lines = try daemon.log.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        let told = try #require(lines.first { $0["event"]?.stringValue == "databaseLost" })
        #expect(told["level"]?.stringValue == "error")
        #expect(lines.allSatisfy { $0["time"]?.stringValue != nil && $0["message"]?.stringValue != nil })
        daemon.kill(SIGTERM)
        #expect(try await daemon.exitCode(within: .seconds(30)) == 0)
    }
}
