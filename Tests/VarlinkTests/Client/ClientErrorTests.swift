import Blocking
import Glibc
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.timeLimit(.minutes(1)))
struct ClientErrorTests {
    @Test func `A missing socket and one without a listener are told apart`() throws {
        let folder = try TemporaryDirectory()
        let missing = #expect(throws: VarlinkConnectionError.self) { try VarlinkClient(path: folder.path("s")) }
        #expect(missing?.code == .notFound)
        do { _ = try RawListener(path: folder.path("s")) }
        let dead = #expect(throws: VarlinkConnectionError.self) { try VarlinkClient(path: folder.path("s")) }
        #expect(dead?.code == .refused)
    }

    @Test func `A service that does not answer is given up on`() throws {
        let folder = try TemporaryDirectory()
        // It accepts by its backlog alone and never reads.
        let listener = try RawListener(path: folder.path("s"))
        let client = try VarlinkClient(path: folder.path("s"))
        let error = #expect(throws: VarlinkConnectionError.self) {
            try client.call("a.b.C", timeout: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
        let next = #expect(throws: VarlinkConnectionError.self) { try client.call("a.b.C") }
        #expect(next?.code == .closed)
        withExtendedLifetime(listener) {}
    }

    @Test func `A service that takes nothing is given up on`() throws {
        let folder = try TemporaryDirectory()
        let listener = try RawListener(path: folder.path("s"))
        let client = try VarlinkClient(path: folder.path("s"))
        let parameters = ["x": String(repeating: "x", count: 4 << 20)]
        let error = #expect(throws: VarlinkConnectionError.self) {
            try client.call("a.b.C", parameters, timeout: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
        withExtendedLifetime(listener) {}
    }

    @Test func `A full backlog is waited for, then given up on`() throws {
        let folder = try TemporaryDirectory()
        let listener = try RawListener(path: folder.path("s"))
        var clients: [VarlinkClient] = []
        var error: VarlinkConnectionError?
        for _ in 0..<64 where error == nil {
            do throws(VarlinkConnectionError) {
                clients.append(try VarlinkClient(path: folder.path("s"), timeout: .milliseconds(50)))
            } catch let failure {
                error = failure
            }
        }
        #expect(error?.code == .timedOut)
        withExtendedLifetime(listener) {}
    }

    @Test(
        arguments: [
            ("", .closed), ("{\"parameters\"", .closed), ("HTTP/1.1 200 OK\0", .badReply), ("[]\0", .badReply),
            ("{\"parameters\":{\"a\":1},\"continues\":true}\0", .badReply),
            ("{\"parameters\":{\"a\":\"x\"}}\0", .unexpectedType),
            ("{}\0", .unexpectedType),
        ] as [(String, VarlinkConnectionError.Code)]
    )
    func `A reply that is none closes the connection`(reply: String, code: VarlinkConnectionError.Code) async throws {
        struct Output: Decodable { let a: Int }
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        let listener = try RawListener(path: path).release()
        defer { close(listener) }
        async let served: Void = onThread("server") {
            let connection = accept(listener, nil, nil)
            var chunk = [UInt8](repeating: 0, count: 1000)
            _ = recv(connection, &chunk, chunk.count, 0)
            _ = send(connection, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
            close(connection)
        }
        let found = try await onThread("client") {
            let client = try VarlinkClient(path: path)
            let error = #expect(throws: VarlinkConnectionError.self) { try client.call("a.b.C", as: Output.self) }
            let next = #expect(throws: VarlinkConnectionError.self) { try client.call("a.b.C", as: Output.self) }
            #expect(next?.code == .closed)
            return error?.code
        }
        try await served
        #expect(found == code)
    }

    @Test func `An error thrown on a reply ends the stream and the connection`() async throws {
        struct Enough: Error {}
        let service = EchoService()
        try await withServer([try service.interface()]) { server in
            let path = server.path
            try await onThread("client") {
                let client = try VarlinkClient(path: path)
                #expect(throws: Enough.self) {
                    try client.callMore("org.example.echo.Watch", as: JSONValue.self) { _ in throw Enough() }
                }
                #expect(throws: VarlinkConnectionError.self) { try client.information() }
            }
            try await eventually { service.cancelled == 1 }
        }
    }
}
