import Blocking
import Glibc
import Testing
import Varlink
import VarlinkServer

@Suite(.timeLimit(.minutes(1)))
struct CallTests {
    /// Runs a client against a new server, on a thread of its own.
    private static func withClient(
        _ service: EchoService = EchoService(),
        mapError: @escaping @Sendable (any Error, VarlinkServerCall) -> VarlinkError? = { _, _ in nil },
        _ body: @escaping @Sendable (VarlinkClient) throws -> Void
    ) async throws -> LogRecorder {
        var log: LogRecorder?
        try await withServer([try service.interface()], mapError: mapError) { server in
            log = server.log
            let path = server.path
            try await onThread("client") { try body(try VarlinkClient(path: path)) }
        }
        return try #require(log)
    }

    @Test func `A call is answered, and the connection serves more of them`() async throws {
        _ = try await Self.withClient { client in
            for text in ["a", "é\n\u{0}", String(repeating: "x", count: 300_000)] {
                let reply = try client.call("org.example.echo.Echo", ["text": text], as: [String: String].self)
                #expect(reply == ["text": text])
            }
        }
    }

    @Test func `The service tells about itself`() async throws {
        _ = try await Self.withClient { client in
            let information = try client.information(timeout: .seconds(30))
            #expect(information.product == "Echo")
            #expect(information.interfaces == ["org.varlink.service", "org.example.echo"])
            #expect(try client.description(ofInterface: "org.example.echo", timeout: .seconds(30)) == EchoService.text)
            let own = try client.description(ofInterface: "org.varlink.service", timeout: .seconds(30))
            #expect(try InterfaceDescription(parsing: own).methodNames == ["GetInfo", "GetInterfaceDescription"])
        }
    }

    @Test(
        arguments: [
            ("org.example.none.Echo", [:], .interfaceNotFound("org.example.none")),
            ("Echo", [:], .interfaceNotFound("Echo")),
            ("org.example.echo.None", [:], .methodNotFound("None")),
            ("org.example.echo.Refused", [:], .methodNotFound("Refused")),
            ("org.example.echo.Absent", [:], .methodNotImplemented("Absent")),
            ("org.example.echo.Echo", [:], .invalidParameter("text")),
            ("org.example.echo.Echo", ["text": 1], .invalidParameter("text")),
            ("org.example.echo.Echo", ["text": "a", "txet": "b"], .invalidParameter("txet")),
            ("org.example.echo.Watch", [:], .expectedMore),
            (
                "org.example.echo.Fail", ["name": "it"],
                VarlinkError(name: "org.example.echo.Refused", parameters: ["name": "it"])
            ),
            ("org.example.echo.Fail", ["name": "unexpected"], VarlinkError(name: "org.example.echo.InternalError")),
            (
                "org.varlink.service.GetInterfaceDescription", ["interface": "a.b"], .interfaceNotFound("a.b")
            ),
            ("org.varlink.service.GetInterfaceDescription", [:], .invalidParameter("interface")),
        ] as [(String, [String: JSONValue], VarlinkError)]
    )
    func `A call that fails says why, and the next one works`(
        method: String,
        parameters: [String: JSONValue],
        error: VarlinkError
    ) async throws {
        _ = try await Self.withClient { client in
            #expect(throws: error) { try client.call(method, parameters) }
            let reply = try client.call("org.example.echo.Echo", ["text": "a"], as: [String: String].self)
            #expect(reply == ["text": "a"])
        }
    }

    @Test func `An unexpected error is logged, or mapped`() async throws {
        let log = try await Self.withClient { client in
            #expect(throws: VarlinkError.self) { try client.call("org.example.echo.Fail", ["name": "unexpected"]) }
        }
        #expect(log.has("error call failed"))
        let mapError: @Sendable (any Error, VarlinkServerCall) -> VarlinkError? = { _, call in
            VarlinkError(name: "a.b.Mapped\(call.message.methodName)")
        }
        _ = try await Self.withClient(mapError: mapError) { client in
            #expect(throws: VarlinkError(name: "a.b.MappedFail")) {
                try client.call("org.example.echo.Fail", ["name": "unexpected"])
            }
        }
    }

    @Test func `A reply against the description is logged`() async throws {
        let log = try await Self.withClient { client in
            _ = try client.call("org.example.echo.Lie", as: [String: String].self)
        }
        #expect(log.has("error reply is not as the interface describes it"))
    }

    @Test func `A handler knows who calls`() async throws {
        _ = try await Self.withClient { client in
            let caller = try client.call("org.example.echo.Caller", as: [String: Int].self)
            #expect(caller == ["uid": Int(geteuid()), "pid": Int(getpid())])
        }
    }

    @Test func `A call with more gets all replies in order; without, only the last`() async throws {
        _ = try await Self.withClient { client in
            var numbers: [Int] = []
            let last = try client.callMore("org.example.echo.Count", ["to": 50], as: [String: Int].self) {
                numbers.append($0["number"] ?? -1)
            }
            #expect(numbers == Array(1..<50))
            #expect(last == ["number": 50])
            let only = try client.call("org.example.echo.Count", ["to": 50], as: [String: Int].self)
            #expect(only == ["number": 50])
        }
    }

    @Test func `A oneway call gets no answer, not even an error`() async throws {
        let service = EchoService()
        _ = try await Self.withClient(service) { client in
            try client.callOneway("org.example.echo.Note", ["text": "a"])
            try client.callOneway("org.example.echo.Fail", ["name": "x"])
            try client.callOneway("org.example.echo.None")
            let reply = try client.call("org.example.echo.Echo", ["text": "b"], as: [String: String].self)
            #expect(reply == ["text": "b"])
        }
        #expect(service.notes == ["a"])
    }

    @Test func `A oneway call is served though the client leaves right away`() async throws {
        let service = EchoService()
        try await withServer([try service.interface()]) { server in
            let path = server.path
            try await onThread("client") {
                let client = try VarlinkClient(path: path)
                for number in 0..<20 { try client.callOneway("org.example.echo.Note", ["text": "\(number)"]) }
            }
            try await eventually { service.notes.count == 20 }
        }
        #expect(service.notes == (0..<20).map { "\($0)" })
    }

    @Test func `Pipelined calls are answered in order, also to a client that has said all it will`() async throws {
        try await withServer([try EchoService().interface()]) { server in
            let path = server.path
            try await onThread("client") {
                let socket = try RawSocket(path: path)
                let calls = (0..<200).map { number in
                    VarlinkCall(method: "org.example.echo.Echo", parameters: ["text": .string("\(number)")])
                }
                try socket.send(calls.flatMap(\.serialized))
                socket.endSending()
                let replies = try socket.receiveAll().split(separator: "\0")
                #expect(replies.map(String.init) == (0..<200).map { "{\"parameters\":{\"text\":\"\($0)\"}}" })
            }
        }
    }

    @Test func `A call that hangs does not stop other connections`() async throws {
        let service = EchoService()
        try await withServer([try service.interface()]) { server in
            let path = server.path
            let hanging = try RawSocket(path: path)
            try hanging.send(VarlinkCall(method: "org.example.echo.Hang").serialized)
            try await eventually { service.running == 1 }
            try await onThread("client") {
                let client = try VarlinkClient(path: path)
                let reply = try client.call("org.example.echo.Echo", ["text": "a"], as: [String: String].self)
                #expect(reply == ["text": "a"])
            }
            withExtendedLifetime(hanging) {}
        }
    }

    @Test(arguments: ["Hang", "Watch"])
    func `A client that closes cancels its call`(method: String) async throws {
        let service = EchoService()
        try await withServer([try service.interface()]) { server in
            var socket: RawSocket? = try RawSocket(path: server.path)
            try socket?.send(VarlinkCall(method: "org.example.echo.\(method)", more: true).serialized)
            try await eventually { service.running == 1 }
            #expect(service.cancelled == 0)
            socket = nil
            try await eventually { service.cancelled == 1 && service.running == 0 }
        }
    }

    @Test func `A slow client slows its stream down, and gets all of it`() async throws {
        try await withServer([try EchoService().interface()]) { server in
            let path = server.path
            try await onThread("client") {
                let client = try VarlinkClient(path: path)
                var count = 0
                let bytes = 4 << 20
                let last = try client.callMore("org.example.echo.Flood", ["bytes": bytes], as: JSONValue.self) {
                    reply in
                    #expect(reply["number"] == .integer(Int64(count)))
                    count += 1
                    if count == 10 { usleep(200_000) }
                }
                #expect(count == bytes / 4096)
                #expect(last["number"] == -1)
            }
        }
    }

    @Test func `Stopping the server cancels running calls and returns`() async throws {
        let service = EchoService()
        var socket: RawSocket?
        try await withServer([try service.interface()]) { server in
            socket = try RawSocket(path: server.path)
            try socket?.send(VarlinkCall(method: "org.example.echo.Watch", more: true).serialized)
            try await eventually { service.running == 1 }
        }
        #expect(service.cancelled == 1)
        #expect(try socket?.receiveAll().contains("\"continues\":true") == true)
    }

    @Test func `An upgrade is refused`() async throws {
        _ = try await Self.withClient { client in
            let call = VarlinkCall(method: "org.example.echo.Echo", parameters: ["text": "a"], upgrade: true)
            try client.send(call, timeout: nil)
            #expect(throws: VarlinkError.methodNotImplemented("Echo")) { try client.receive(timeout: nil) }
        }
    }
}
