import Foundation
import Glibc

/// A server in Python that takes messages over, or not, as a test wants it. Ends with the object, or with this process.
package final class Peer: Sendable {
    /// Its port of 127.0.0.1.
    package let port: Int
    private let input: Int32
    private let child: pid_t
    private let folder: TemporaryDirectory

    /// The web server that speaks Telegram's API and more.
    package static func web(token: String = "", certificate: Certificate? = nil) throws -> Peer {
        try Peer("http_peer.py", [], ["PEER_TOKEN": token], certificate)
    }

    /// The mail server.
    ///
    /// - Parameters:
    ///   - mode: `plain`, `offered` or `starttls` (STARTTLS is offered, or demanded), or `tls`.
    ///   - user: Who may log in, and must; `nil` offers no login.
    package static func mail(
        _ mode: String,
        user: String? = nil,
        password: String = "",
        certificate: Certificate? = nil
    ) throws -> Peer {
        try Peer("smtp_peer.py", [mode], ["PEER_USER": user ?? "", "PEER_PASSWORD": password], certificate)
    }

    private init(
        _ script: String,
        _ arguments: [String],
        _ variables: [String: String],
        _ certificate: Certificate?
    ) throws {
        folder = try TemporaryDirectory(prefix: "peer")
        let here = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers")
        let files = certificate.map { [$0.certificate, $0.key] } ?? []
        // Both ends close in children that others start meanwhile, so that the server sees the end when this process ends:
        // sockets, for unlike pipe(2) they can be made so.
        var (stdin, stdout): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &stdin) == 0, socketpair(AF_UNIX, type, 0, &stdout) == 0 else {
            throw TestSupportError("no socket pair: errno \(errno)")
        }
        input = stdin[1]
        child = try Program.start(
            Python.path(),
            [here.appending(path: script).path(percentEncoded: false), folder.path("log")] + arguments + files,
            input: stdin[0],
            output: stdout[1],
            errors: STDERR_FILENO,
            environment: ProcessInfo.processInfo.environment.merging(variables) { $1 }
        )
        close(stdin[0])
        close(stdout[1])
        defer { close(stdout[0]) }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(stdout[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            close(input)
            waitpid(child, nil, 0)
            throw TestSupportError("'\(script)' did not start")
        }
        self.port = port
    }

    deinit {
        close(input)
        // It ends at once when its input does.
        waitpid(child, nil, 0)
    }

    /// What it noted so far, in order.
    package func records() throws -> [PeerRecord] {
        guard let text = try? String(contentsOfFile: folder.path("log"), encoding: .utf8) else { return [] }
        // The last line may be half written.
        return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            try JSONDecoder().decode(PeerRecord.self, from: Data($0.utf8))
        }
    }

    /// Waits until it has noted something.
    package func firstRecord() async throws -> PeerRecord {
        while true {
            if let record = try records().first { return record }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
