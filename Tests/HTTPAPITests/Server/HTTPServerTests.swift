import Blocking
import Glibc
import HTTPAPI
import Logging
import TestSupport
import Testing

@Suite("HTTP server")
struct HTTPServerTests {
    /// Runs a server on a free port for as long as `body` runs.
    private func withServer(
        _ limits: HTTPLimits = HTTPLimits(),
        _ body: @escaping @Sendable (HTTPProbe.Place) throws -> Void
    ) async throws {
        let server = HTTPServer(limits: limits, logger: Logger(label: "test")) { request in
            guard ["GET", "HEAD"].contains(request.method) else { return .methodNotAllowed }
            switch request.path {
            case "/here": return HTTPAnswer(status: 200, contentType: "text/plain", body: "this is here")
            case "/echo":
                let words = [request.query ?? "-", request.peer.description] + request.header("x-word")
                return HTTPAnswer(
                    status: 200,
                    contentType: "text/plain",
                    body: words.joined(separator: "|"),
                    headers: [HTTPAnswer.Header("X-Answer", "yes")]
                )
            default: return nil
            }
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(at: .address(host: "127.0.0.1", port: 0)) { port.yield($0 ?? 0) } }
            var iterator = ports.makeAsyncIterator()
            let number = try #require(await iterator.next())
            try await onThread("probe") { try body(.port(number)) }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("a path is answered, also with a query, and anything else is not")
    func paths() async throws {
        try await withServer { place in
            let answer = try HTTPProbe.get(place, "/here?x=1")
            #expect(answer.status == 200 && answer.body == "this is here")
            #expect(answer.headers["content-type"] == "text/plain" && answer.headers["connection"] == "close")
            #expect(try HTTPProbe.get(place, "/elsewhere").status == 404)
            // A target may be a whole address.
            #expect(try HTTPProbe.get(place, "http://127.0.0.1:9847/here?x=1").status == 200)
            #expect(try HTTPProbe.get(place, "HTTP://here").status == 404)
        }
    }

    @Test("query, headers and peer reach whoever answers, and headers of the answer the client")
    func parts() async throws {
        try await withServer { place in
            let probe = try HTTPProbe(place)
            probe.send("GET /echo?a=%20b&c HTTP/1.1\r\nHost: a\r\nX-Word: one\r\nx-word: two\r\n\r\n")
            let answer = try #require(try probe.receive())
            #expect(answer.body == "a=%20b&c|127.0.0.1|one|two")
            #expect(answer.headers["x-answer"] == "yes" && answer.headers["cache-control"] == "no-store")
            #expect(try HTTPProbe.get(place, "/echo").body == "-|127.0.0.1")
        }
    }

    @Test("over a Unix socket the peer is a user of this machine")
    func localPeer() async throws {
        let folder = try TemporaryDirectory(prefix: "rh")
        let path = folder.path("http.socket")
        let server = HTTPServer(logger: Logger(label: "test")) { request in
            HTTPAnswer(status: 200, contentType: "text/plain", body: "\(request.peer)")
        }
        let descriptor = try Self.listen(path)
        let (stream, listening) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(at: .descriptor(descriptor)) { _ in listening.yield() } }
            for await _ in stream { break }
            let answer = try await onThread("probe") { try HTTPProbe.get(.socket(path), "/") }
            #expect(answer.body == "uid \(geteuid())")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static func listen(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0 && Glibc.listen(descriptor, 8) == 0)
        return descriptor
    }

    @Test("a connection serves one request after the other, those of HEAD without a body")
    func keepAlive() async throws {
        try await withServer { place in
            let probe = try HTTPProbe(place)
            probe.send("HEAD /here HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = try #require(try probe.receive(hasBody: false))
            #expect(head.status == 200 && head.headers["content-length"] == "12")
            probe.send("GET /here HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try probe.receive()?.body == "this is here")
            #expect(try probe.receive()?.status == 404)
        }
    }

    @Test("other methods are refused", arguments: ["POST", "DELETE", "OPTIONS"])
    func methods(method: String) async throws {
        try await withServer { place in
            let probe = try HTTPProbe(place)
            probe.send("\(method) /here HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            let answer = try #require(try probe.receive())
            #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD")
        }
    }

    @Test("what is no HTTP is refused and the connection closed, and others are served on")
    func garbage() async throws {
        try await withServer { place in
            let probe = try HTTPProbe(place)
            probe.send("nonsense\r\n\r\n")
            #expect(try probe.receive()?.status ?? 400 == 400)
            #expect(try probe.receive() == nil)
            #expect(try HTTPProbe.get(place, "/here").status == 200)
        }
    }

    @Test("a request without an end is cut off at its limit")
    func tooLarge() async throws {
        var limits = HTTPLimits()
        limits.requestBytes = 4096
        try await withServer(limits) { place in
            let probe = try HTTPProbe(place)
            probe.send("GET /here HTTP/1.1\r\nX: " + String(repeating: "x", count: 8192))
            #expect(try probe.receive() == nil)
            #expect(try HTTPProbe.get(place, "/here").status == 200)
        }
    }

    @Test("a connection that asks nothing is closed in time")
    func silent() async throws {
        var limits = HTTPLimits()
        limits.quietSeconds = 1
        try await withServer(limits) { place in
            let probe = try HTTPProbe(place)
            probe.send("GET /he")
            #expect(try probe.receive() == nil)
        }
    }

    @Test("connections beyond the limit are closed, and there is room again when one has gone")
    func tooMany() async throws {
        var limits = HTTPLimits()
        limits.connections = 1
        try await withServer(limits) { place in
            do {
                let first = try HTTPProbe(place)
                first.send("GET /here HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try first.receive()?.status == 200)
                let second = try HTTPProbe(place)
                #expect(try second.receive() == nil)
            }
            // The server learns of the end of the first in its own time.
            var isServed = false
            for _ in 0..<10_000 where !isServed {
                isServed = (try? HTTPProbe.get(place, "/here").status) == 200
                if !isServed { usleep(5000) }
            }
            #expect(isServed)
        }
    }
}
