import Foundation
import Glibc
import TestSupport
import Varlink

/// A web server that takes alerts over, or not, as a test wants it. Ends with the object, or with this process.
final class AlertPeer: Sendable {
    /// How it answers.
    enum Mode: String {
        /// It takes what comes.
        case good
        /// It never answers.
        case hang
        /// It can't at the moment.
        case busy
        /// It will not.
        case refuse
    }

    /// What it got: the webhook's JSON, or a call of Telegram's API.
    struct Message {
        let path: String
        let body: JSONValue

        var id: String { body["id"]?.stringValue ?? "" }
        var kind: String { body["kind"]?.stringValue ?? "" }
        var text: String { body["body"]?.stringValue ?? body["text"]?.stringValue ?? "" }
        var codes: [String] { body["problems"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? [] }
    }

    private static let program = """
        import http.server, os, sys, threading, time
        folder = sys.argv[1]
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                with lock, open(folder + "/log", "a") as log:
                    log.write(self.path + " " + body.replace("\\n", " ") + "\\n")
                with open(folder + "/mode") as file:
                    mode = file.read()
                if mode == "hang":
                    time.sleep(3600)
                status = {"good": 200, "busy": 503, "refuse": 404}[mode]
                answer = b'{"ok": true, "result": {"message_id": 1}}' if "/bot" in self.path else b"OK"
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with open(folder + "/port.new", "w") as file:
            file.write(str(server.server_address[1]))
        os.rename(folder + "/port.new", folder + "/port")
        sys.stdin.read()
        os._exit(0)
        """

    /// Its URL, without a path.
    let url: String
    private let folder: TemporaryDirectory
    private let input: Int32
    private let child: pid_t

    /// Starts one.
    static func started(_ mode: Mode = .good) async throws -> AlertPeer {
        let folder = try TemporaryDirectory(prefix: "ap")
        try mode.rawValue.write(toFile: folder.path("mode"), atomically: true, encoding: .utf8)
        // Closed in children that others start meanwhile, so that the server sees the end when this process ends.
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw TestSupportError("no pair: errno \(errno)") }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer {
            close(ends[0])
            close(null)
        }
        let child = try Program.start(
            "python3",
            ["-c", program, folder.path("")],
            input: ends[0],
            output: null,
            errors: STDERR_FILENO,
            environment: ProcessInfo.processInfo.environment
        )
        let hasPort = try await eventually { access(folder.path("port"), F_OK) == 0 }
        guard hasPort else { throw TestSupportError("the peer did not start") }
        let port = try String(contentsOfFile: folder.path("port"), encoding: .utf8)
        return AlertPeer(folder: folder, port: port, input: ends[1], child: child)
    }

    private init(folder: TemporaryDirectory, port: String, input: Int32, child: pid_t) {
        self.folder = folder
        url = "http://127.0.0.1:\(port)"
        self.input = input
        self.child = child
    }

    deinit {
        close(input)
        // It ends at once when its input does.
        waitpid(child, nil, 0)
    }

    /// Answers differently from now on.
    func answer(_ mode: Mode) throws {
        try mode.rawValue.write(toFile: folder.path("mode"), atomically: true, encoding: .utf8)
    }

    /// What it got so far, in order.
    var messages: [Message] {
        get throws {
            guard let text = try? String(contentsOfFile: folder.path("log"), encoding: .utf8) else { return [] }
            // The last line may be half written.
            return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return Message(path: String(parts[0]), body: try JSONValue(parsing: String(parts[1])))
            }
        }
    }

    /// Waits for a message.
    func first(
        within patience: Duration = .seconds(150),
        where condition: (Message) -> Bool
    ) async throws -> Message? {
        var found: Message?
        _ = try await eventually(within: patience) {
            found = try self.messages.first(where: condition)
            return found != nil
        }
        return found
    }
}
