import Blocking
import Foundation
import Glibc
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.timeLimit(.minutes(1)))
struct ListeningSocketTests {
    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test(arguments: [nil, 0o600, 0o666] as [UInt32?])
    func `The socket has the mode it was given`(asked: UInt32?) throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        let socket = try asked.map { try ListeningSocket(path: path, mode: $0) } ?? ListeningSocket(path: path)
        #expect(mode(path) == asked ?? 0o660)
        withExtendedLifetime(socket) {}
    }

    @Test func `The socket goes to the group it was given`() throws {
        let folder = try TemporaryDirectory()
        let entry = try #require(getgrgid(getegid()))
        let socket = try ListeningSocket(path: folder.path("s"), group: String(cString: entry.pointee.gr_name))
        var status = stat()
        #expect(lstat(folder.path("s"), &status) == 0)
        #expect(status.st_gid == getegid())
        withExtendedLifetime(socket) {}
        let error = #expect(throws: ListeningError.self) {
            try ListeningSocket(path: folder.path("t"), group: "no-such-group")
        }
        #expect(error?.code == .unknownGroup)
        #expect(!FileManager.default.fileExists(atPath: folder.path("t")))
    }

    @Test func `A dead socket is replaced`() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        // Closed without being removed: what a killed process leaves.
        do { _ = try RawListener(path: path) }
        #expect(FileManager.default.fileExists(atPath: path))
        try await withServer([try EchoService().interface()], socket: ListeningSocket(path: path), path: path) { _ in
            let product = try await onThread("client") {
                try VarlinkClient(path: path).information(timeout: .seconds(30)).product
            }
            #expect(product == "Echo")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `A live socket is refused and stays`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        let first = try ListeningSocket(path: path)
        let error = #expect(throws: ListeningError.self) { try ListeningSocket(path: path) }
        #expect(error?.code == .inUse)
        #expect(error?.message == "another process listens on \"\(path)\"")
        _ = try RawSocket(path: path)
        withExtendedLifetime(first) {}
    }

    @Test func `What is no socket is refused and stays`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        try "precious".write(toFile: path, atomically: false, encoding: .utf8)
        let error = #expect(throws: ListeningError.self) { try ListeningSocket(path: path) }
        #expect(error?.code == .notASocket)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func `A path too long is refused with its reason`() throws {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        let error = #expect(throws: ListeningError.self) { try ListeningSocket(path: path) }
        #expect(error?.code == .pathTooLong)
        #expect(error?.message == "the socket path \"\(path)\" is longer than 107 bytes")
        let clientError = #expect(throws: VarlinkConnectionError.self) { try VarlinkClient(path: path) }
        #expect(clientError?.code == .pathTooLong)
    }

    @Test func `The longest path works`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path(String(repeating: "s", count: 106 - folder.path.utf8.count))
        #expect(path.utf8.count == 107)
        let socket = try ListeningSocket(path: path)
        _ = try VarlinkClient(path: path)
        withExtendedLifetime(socket) {}
    }

    @Test func `The server leaves alone what another has put in its socket's place`() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        try await withServer([try EchoService().interface()], socket: ListeningSocket(path: path), path: path) { _ in
            unlink(path)
            try "other".write(toFile: path, atomically: false, encoding: .utf8)
        }
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `A socket never served is removed when it goes`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("s")
        do { _ = try ListeningSocket(path: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `A descriptor that does not listen is refused`() throws {
        for descriptor in [open("/dev/null", O_RDWR | O_CLOEXEC), socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0), -1] {
            let error = #expect(throws: ListeningError.self) { try ListeningSocket(inherited: descriptor) }
            #expect(error?.code == .notListening)
            if descriptor >= 0 { close(descriptor) }
        }
    }
}
