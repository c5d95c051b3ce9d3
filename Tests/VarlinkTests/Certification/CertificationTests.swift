import Blocking
import Foundation
import Glibc
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.timeLimit(.minutes(1)))
struct CertificationTests {
    @Test func `The Python client is content with our server, and our server with it`() async throws {
        let python = try ReferenceImplementation.python()
        let service = CertificationService()
        try await withServer([try service.interface()]) { server in
            let path = server.path
            let result = try await onThread("python") {
                try Program.run(python, ReferenceImplementation.certification + ["--client", "--varlink=unix:\(path)"])
            }
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasSuffix("Certification passed\n"))
        }
        #expect(service.faults == [])
        #expect(service.passed == 1)
    }

    @Test func `The Python client is content with our server on an inherited socket`() async throws {
        let python = try ReferenceImplementation.python()
        let service = CertificationService()
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        let listener = try RawListener(path: path)
        let socket = try ListeningSocket(inherited: listener.release())
        try await withServer([try service.interface()], socket: socket, path: path) { _ in
            let result = try await onThread("python") {
                try Program.run(python, ReferenceImplementation.certification + ["--client", "--varlink=unix:\(path)"])
            }
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(service.faults == [])
        #expect(service.passed == 1)
        // It was made by another process, so it is that one's to remove.
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `The Python server is content with our client`() async throws {
        let python = try ReferenceImplementation.python()
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        let pidFile = folder.path("pid")
        // Should this process be killed, the limit ends the server.
        let script = "echo $$ > \(pidFile); exec timeout 50 \"$@\""
        let arguments = [python] + ReferenceImplementation.certification + ["--varlink=unix:\(path)"]
        async let server = onThread("python") { try Program.run("/bin/sh", ["-c", script, "sh"] + arguments) }
        try await eventually { (try? VarlinkClient(path: path)) != nil }
        let verdict = try? await onThread("client") { try CertificationClient.run(path: path) }
        let processID = try #require(Int32(String(contentsOfFile: pidFile, encoding: .utf8).dropLast()))
        kill(processID, SIGTERM)
        let result = try await server
        #expect(verdict == true, "\(result.errors)")
    }

    @Test func `Our server is content with our client`() async throws {
        let service = CertificationService()
        try await withServer([try service.interface()]) { server in
            let path = server.path
            let isContent = try await onThread("client") { try CertificationClient.run(path: path) }
            #expect(isContent)
        }
        #expect(service.faults == [])
        #expect(service.passed == 1)
    }

    @Test func `The Python tool shows our interface and gets our errors`() async throws {
        let python = try ReferenceImplementation.python()
        try await withServer([try EchoService().interface()]) { server in
            let path = server.path
            let run = { @Sendable (arguments: [String]) in
                try await onThread("python") { try Program.run(python, ["-m", "varlink.cli"] + arguments) }
            }
            let information = try await run(["info", "unix:\(path)"])
            #expect(information.output.contains("org.example.echo"))
            let help = try await run(["help", "unix:\(path)/org.example.echo"])
            #expect(help.output.contains("method Echo"))
            let call = try await run(["call", "unix:\(path)/org.example.echo.Echo", "{\"text\": \"é\"}"])
            #expect(try JSONValue(parsing: call.output) == ["text": "é"])
            let failed = try await run(["call", "unix:\(path)/org.example.echo.Fail", "{\"name\": \"x\"}"])
            #expect((failed.output + failed.errors).contains("org.example.echo.Refused"))
        }
    }
}
