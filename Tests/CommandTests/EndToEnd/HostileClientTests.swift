import TestSupport
import Testing
import Varlink

/// Clients that send what no client should.
@Suite(.serialized)
struct HostileClientTests {
    @Test
    func `garbage, huge messages, silence, half messages and crowds leave the daemon answering others`() async throws {
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "/nowhere"])
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        let idle = try RawClient(daemon.socket)
        let path = daemon.socket

        for garbage in [
            Array("GET / HTTP/1.1\r\n\r\n\0".utf8), [0], [0, 0, 0], Array("{}\0".utf8), Array("[1,2]\0".utf8),
            Array("{\"method\":1}\0".utf8), Array("{\"method\":\"\"}\0".utf8), [0xFF, 0xFE, 0],
            Array(repeating: UInt8(ascii: "["), count: 200_000) + [0],
            (0..<5_000).map { _ in UInt8.random(in: 1...255) } + [0],
        ] {
            let answer = try await onOwnThread {
                let client = try RawClient(path)
                client.send(garbage)
                return client.receive()
            }
            #expect(answer != nil, "neither an answer nor an end after \(garbage.prefix(20))")
            #expect(try await daemon.ctl("jobs").status == 0)
        }

        let unknown = try await onOwnThread {
            let client = try RawClient(path)
            client.send(Array("{\"method\":\"org.recyclic.Control.Explode\",\"parameters\":{}}\0".utf8))
            return client.receive()
        }
        #expect(String(decoding: try #require(unknown), as: UTF8.self).contains("MethodNotFound"))

        let huge = try await onOwnThread {
            let client = try RawClient(path)
            let head = Array("{\"method\":\"org.recyclic.Control.GetJob\",\"parameters\":{\"id\":\"".utf8)
            let sent = client.send(head + [UInt8](repeating: UInt8(ascii: "a"), count: 20 << 20) + Array("\"}}\0".utf8))
            return (sent, client.receive())
        }
        // It is cut off at the limit: neither read to its end nor answered.
        #expect(huge.0 < 20 << 20 || huge.1 == [])
        #expect(try await daemon.ctl("jobs").status == 0)

        for _ in 0..<20 {
            try await onOwnThread {
                let client = try RawClient(path)
                client.send(Array("{\"method\":\"org.recyclic.Control.ListJobs\",\"para".utf8))
            }
            try await onOwnThread {
                let client = try RawClient(path)
                client.send(Array("{\"method\":\"org.recyclic.Control.ListJobs\",\"parameters\":{}}\0".utf8))
            }
        }
        #expect(try await daemon.ctl("jobs").status == 0)

        // More connections than one user may have: some are turned away, and when they go others get in.
        var crowd = try (0..<100).map { _ in try RawClient(path) }
        crowd.removeAll()
        let isAnswering = try await eventually { try await daemon.ctl("jobs").status == 0 }
        #expect(isAnswering)
        idle.send(Array("{\"method\":\"org.varlink.service.GetInfo\"}\0".utf8))
        let late = String(decoding: idle.receive() ?? [], as: UTF8.self)
        #expect(late.contains("recyclicd"), "\(late)")
        try await daemon.stop()
    }
}
