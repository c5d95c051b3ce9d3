import Glibc
import Logging
import Systemd
import TestSupport
import Testing

/// Entries on their way to a peer that speaks the journal's protocol, on a real socket.
@Suite
struct JournalSocketTests {
    @Test
    func `a log line arrives with its fields, its event and its place`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        var logger = try Self.logger(to: peer.path, otherwise: Messages())
        logger[metadataKey: "job"] = "j12"
        logger.notice(
            "stored it",
            metadata: ["event": "backupStored", "requestedBy": "a\nb"],
            file: "A/B.swift",
            line: 7
        )
        let fields = try Self.fields(try #require(peer.next()))
        #expect(fields["MESSAGE"] == "stored it [event job requestedBy]")
        #expect(fields["PRIORITY"] == "5")
        #expect(fields["SYSLOG_IDENTIFIER"] == "recyclicd")
        #expect(fields["MESSAGE_ID"] == "0123456789abcdef0123456789abcdef")
        #expect(fields["RECYCLIC_JOB"] == "j12")
        #expect(fields["RECYCLIC_REQUESTED_BY"] == "a\nb")
        #expect(fields["RECYCLIC_EVENT"] == "backupStored")
        #expect(fields["CODE_FILE"] == "A/B.swift")
        #expect(fields["CODE_LINE"] == "7")
        #expect(peer.next() == nil)
    }

    @Test
    func `what is no event has no message id`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        try Self.logger(to: peer.path, otherwise: Messages()).critical("ended", metadata: ["event": "unheardOf"])
        let fields = try Self.fields(try #require(peer.next()))
        #expect(fields["MESSAGE_ID"] == nil)
        #expect(fields["PRIORITY"] == "2")
    }

    @Test
    func `where nobody listens the line goes elsewhere, with all that belongs to it`() throws {
        let folder = try TemporaryDirectory()
        let elsewhere = Messages()
        var logger = try Self.logger(to: folder.path("nobody"), otherwise: elsewhere)
        logger[metadataKey: "job"] = "j1"
        logger.error("failed", metadata: ["hint": "try again"])
        #expect(elsewhere.all == ["failed hint=try again job=j1"])
    }

    @Test
    func `a journal that takes nothing holds nobody up, and learns afterwards how much it missed`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        let elsewhere = Messages()
        let logger = try Self.logger(to: peer.path, otherwise: elsewhere)
        // More than may wait in a socket's queue (net.unix.max_dgram_qlen).
        let limit = Int(try Program.check("cat", ["/proc/sys/net/unix/max_dgram_qlen"]).filter(\.isNumber)) ?? 10
        let count = limit + 5
        for number in 0..<count { logger.info("line \(number)") }
        let arrived = peer.texts().count
        #expect(arrived < count)
        #expect(elsewhere.all.isEmpty)
        logger.info("again")
        let fields = try Self.fields(try #require(peer.next()))
        #expect(fields["RECYCLIC_DROPPED_LINES"] == "\(count - arrived)")
        logger.info("once more")
        #expect(try Self.fields(try #require(peer.next()))["RECYCLIC_DROPPED_LINES"] == nil)
    }

    @Test
    func `the journal is known by what JOURNAL_STREAM says of the descriptor`() throws {
        var status = stat()
        fstat(STDIN_FILENO, &status)
        let stream = "\(status.st_dev):\(status.st_ino)"
        #expect(JournalStream.isConnected(STDIN_FILENO, environment: ["JOURNAL_STREAM": stream]))
        #expect(!JournalStream.isConnected(STDIN_FILENO, environment: ["JOURNAL_STREAM": "\(status.st_dev):0"]))
        #expect(!JournalStream.isConnected(STDIN_FILENO, environment: ["JOURNAL_STREAM": ""]))
        #expect(!JournalStream.isConnected(STDIN_FILENO, environment: [:]))
    }

    // MARK: - Parts

    private struct Elsewhere: LogHandler {
        let messages: Messages
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            messages.add("\(event.message)" + fields.map { " \($0.key)=\($0.value)" }.joined())
        }
    }

    private static func logger(to path: String, otherwise elsewhere: Messages) throws -> Logger {
        let socket = try #require(JournalSocket(path: path))
        let dialect = JournalLogHandler.Dialect(
            identifier: "recyclicd",
            prefix: "RECYCLIC",
            eventKey: "event",
            messageID: { $0 == "backupStored" ? "0123456789abcdef0123456789abcdef" : nil },
            line: { message, fields in
                fields.isEmpty ? message : "\(message) [\(fields.map(\.key).joined(separator: " "))]"
            }
        )
        let fallback = Elsewhere(messages: elsewhere)
        return Logger(label: "test") { _ in JournalLogHandler(socket: socket, dialect: dialect, fallback: fallback) }
    }

    /// Reads a datagram as journald does.
    private static func fields(_ datagram: [UInt8]) throws -> [String: String] {
        var fields: [String: String] = [:]
        var rest = datagram[...]
        while !rest.isEmpty {
            let end = try #require(rest.firstIndex(of: UInt8(ascii: "\n")))
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                fields[String(decoding: line[..<equals], as: UTF8.self)] = String(
                    decoding: line[(equals + 1)...],
                    as: UTF8.self
                )
            } else {
                let count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                fields[String(decoding: line, as: UTF8.self)] = String(
                    decoding: rest.dropFirst(8).prefix(count),
                    as: UTF8.self
                )
                rest = rest.dropFirst(8 + count + 1)
            }
        }
        return fields
    }
}
