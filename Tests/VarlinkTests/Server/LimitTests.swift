import Blocking
import TestSupport
import Testing
import Varlink
import VarlinkServer

@testable import struct VarlinkServer.ConnectionLedger

@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
    private static func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings()
        change(&settings)
        return settings
    }

    private static let echo = VarlinkCall(method: "org.example.echo.Echo", parameters: ["text": "a"]).serialized

    @Test func `The ledger counts in all and per user, and takes places back`() throws {
        var ledger = ConnectionLedger(total: 3, perUser: 2)
        try ledger.enter(1)
        try ledger.enter(1)
        #expect(throws: ConnectionLedger.Refusal.user) { try ledger.enter(1) }
        try ledger.enter(2)
        #expect(throws: ConnectionLedger.Refusal.total) { try ledger.enter(2) }
        ledger.leave(1)
        try ledger.enter(3)
        #expect(throws: ConnectionLedger.Refusal.total) { try ledger.enter(1) }
        ledger.leave(2)
        try ledger.enter(1)
    }

    @Test(arguments: [(2, 10, "too many connections"), (10, 2, "too many connections of this user")])
    func `A connection too many is closed, and one that ends makes room`(
        total: Int,
        perUser: Int,
        reason: String
    ) async throws {
        let settings = Self.settings {
            $0.maximumConnections = total
            $0.maximumConnectionsPerUser = perUser
        }
        try await withServer([try EchoService().interface()], settings: settings) { server in
            let path = server.path
            var open: [RawSocket] = []
            for _ in 0..<2 {
                let socket = try RawSocket(path: path)
                try socket.send(Self.echo)
                #expect(try await onThread("client") { try socket.receive() } != nil)
                open.append(socket)
            }
            let third = try RawSocket(path: path)
            #expect(try await onThread("client") { try third.receive() } == nil)
            #expect(server.log.has("info connection refused: \(reason)"))
            open.removeLast()
            try await eventually {
                let next = try RawSocket(path: path)
                return try await onThread("client") {
                    try? next.send(Self.echo)
                    return try next.receive() != nil
                }
            }
            withExtendedLifetime(open) {}
        }
    }

    @Test(arguments: [
        ("garbage\0", "not JSON"), ("{}\0", "a call without"), ("\0", "not JSON"), ("[]\0", "not a JSON object"),
        (String(repeating: "x", count: 2000), "a message longer than 1000 bytes"),
        (String(repeating: "x", count: 2000) + "\0", "a message longer than 1000 bytes"),
        (String(repeating: "[", count: 900) + "\0", "not JSON: nested deeper"),
    ])
    func `Garbage closes its connection, and no other`(bytes: String, reason: String) async throws {
        let settings = Self.settings { $0.maximumMessageBytes = 1000 }
        try await withServer([try EchoService().interface()], settings: settings) { server in
            let good = try RawSocket(path: server.path)
            let bad = try RawSocket(path: server.path)
            let answer = try await onThread("client") {
                try bad.send(Self.echo)
                _ = try bad.receive()
                // A server that has seen enough may close while this is still being sent.
                try? bad.send(bytes)
                return try bad.receiveAll()
            }
            #expect(answer == "")
            try await eventually { server.log.has("info connection closed: \(reason)") }
            try good.send(Self.echo)
            #expect(try await onThread("client") { try good.receive() } != nil)
        }
    }

    @Test func `Random bytes never harm the server`() async throws {
        try await withServer([try EchoService().interface()]) { server in
            let path = server.path
            try await onThread("client") {
                var generator = SeededGenerator(seed: 11)
                for _ in 0..<40 {
                    let socket = try RawSocket(path: path)
                    try? socket.send(generator.bytes(Int.random(in: 1..<200, using: &generator)) + [0])
                    var damaged = Self.echo
                    damaged[Int.random(in: 0..<damaged.count, using: &generator)] ^= 1
                    try? socket.send(damaged)
                }
                let socket = try RawSocket(path: path)
                try socket.send(Self.echo)
                #expect(try socket.receive() != nil)
            }
        }
    }

    @Test func `A client that says nothing, or only half a call, is cut off`() async throws {
        let settings = Self.settings { $0.idleTimeout = .milliseconds(200) }
        try await withServer([try EchoService().interface()], settings: settings) { server in
            let silent = try RawSocket(path: server.path)
            let slow = try RawSocket(path: server.path)
            try slow.send(Array(Self.echo.prefix(10)))
            #expect(try await onThread("client") { try silent.receive() } == nil)
            #expect(try await onThread("client") { try slow.receive() } == nil)
            try await eventually { server.log.has("debug closed after being idle too long") }
        }
    }

    @Test func `A connection with a stream is not idle`() async throws {
        let service = EchoService()
        let settings = Self.settings { $0.idleTimeout = .milliseconds(100) }
        try await withServer([try service.interface()], settings: settings) { server in
            let watching = try RawSocket(path: server.path)
            try watching.send(VarlinkCall(method: "org.example.echo.Watch", more: true).serialized)
            try await eventually { service.running == 1 }
            // Another connection runs into the limit meanwhile, several times over.
            for _ in 0..<3 {
                let silent = try RawSocket(path: server.path)
                #expect(try await onThread("client") { try silent.receive() } == nil)
            }
            #expect(service.running == 1)
            withExtendedLifetime(watching) {}
        }
    }

    @Test func `A client that does not read its replies is cut off`() async throws {
        let settings = Self.settings { $0.writeTimeout = .milliseconds(200) }
        try await withServer([try EchoService().interface()], settings: settings) { server in
            let deaf = try RawSocket(path: server.path)
            let call = VarlinkCall(method: "org.example.echo.Flood", parameters: ["bytes": 100_000_000], more: true)
            try deaf.send(call.serialized)
            try await eventually { server.log.has("info closed: the client does not read its replies") }
            withExtendedLifetime(deaf) {}
        }
    }

    @Test func `A peer that is not allowed is told so, once`() async throws {
        try await withServer([try EchoService().interface()], authorize: { _ in false }) { server in
            let path = server.path
            try await onThread("client") {
                let client = try VarlinkClient(path: path)
                #expect(throws: VarlinkError.permissionDenied) {
                    try client.call("org.example.echo.Echo", ["text": "a"])
                }
                let error = #expect(throws: VarlinkConnectionError.self) {
                    try client.call("org.example.echo.Echo", ["text": "a"])
                }
                #expect(error?.code == .closed)
            }
            #expect(server.log.has("info peer is not allowed"))
        }
    }

    @Test func `The largest message passes, one byte more does not`() async throws {
        let call = VarlinkCall(
            method: "org.example.echo.Echo",
            parameters: ["text": .string(String(repeating: "x", count: 5000))]
        )
        let size = call.serialized.count - 1
        for (limit, passes) in [(size, true), (size - 1, false)] {
            let settings = Self.settings { $0.maximumMessageBytes = limit }
            try await withServer([try EchoService().interface()], settings: settings) { server in
                let socket = try RawSocket(path: server.path)
                try socket.send(call.serialized)
                #expect(try await onThread("client") { try socket.receive() != nil } == passes)
            }
        }
    }
}
