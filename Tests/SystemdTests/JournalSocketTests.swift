import Foundation
import Glibc
import Logging
import Synchronization
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
    func `warnings and worse that a journal takes no more go elsewhere, and count as not missing`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        try Self.fill(peer.path)
        let elsewhere = Messages()
        let logger = try Self.logger(to: peer.path, otherwise: elsewhere)
        logger.info("idle talk")
        logger.warning("take care")
        logger.critical("too late", metadata: ["hint": "run"])
        #expect(elsewhere.all == ["take care", "too late hint=run"])
        _ = peer.texts()
        logger.info("again")
        #expect(try Self.fields(try #require(peer.next()))["RECYCLIC_DROPPED_LINES"] == "1")
    }

    @Test
    func `what finds no room elsewhere either is dropped and counted, and nobody waits`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        try Self.fill(peer.path)
        // Standard error, as the journal has it: a stream that nobody reads.
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        let (stream, reader) = (ends[0], ends[1])
        defer { close(stream) }
        let elsewhere = Messages()
        let logger = try Self.logger(to: peer.path, otherwise: elsewhere) {
            DescriptorReadiness.isReady(stream, for: POLLOUT)
        }
        logger.warning("there is room")
        #expect(elsewhere.all == ["there is room"])
        let bytes = [UInt8](repeating: 0, count: 4 << 10)
        while send(stream, bytes, bytes.count, Int32(MSG_DONTWAIT)) > 0 {}
        logger.warning("take care")
        logger.critical("too late")
        #expect(elsewhere.all == ["there is room"])
        _ = peer.texts()
        logger.info("again")
        #expect(try Self.fields(try #require(peer.next()))["RECYCLIC_DROPPED_LINES"] == "2")
        // One that is broken makes nobody wait.
        close(reader)
        #expect(DescriptorReadiness.isReady(stream, for: POLLOUT))
    }

    @Test
    func `a line waits for a journal that is busy for a moment`() throws {
        let folder = try TemporaryDirectory()
        let peer = try DatagramPeer(path: folder.path("journal"))
        try Self.fill(peer.path)
        let elsewhere = Messages()
        let logger = try Self.logger(to: peer.path, otherwise: elsewhere, patience: .seconds(600))
        let isSent = Mutex(false)
        let thread = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        Thread {
            // Late: once the line waits, or is dropped without having waited.
            while !isSent.withLock({ $0 }) {
                let status = (try? String(contentsOfFile: "/proc/\(thread)/stat", encoding: .utf8)) ?? ""
                if status.contains(") S ") { break }
            }
            _ = peer.next()
        }.start()
        logger.info("the line")
        isSent.withLock { $0 = true }
        #expect(elsewhere.all.isEmpty)
        let isThere = peer.texts().contains { $0.contains("the line") }
        #expect(isThere)
    }

    @Test
    func `a journal that was started afresh gets what follows`() throws {
        let folder = try TemporaryDirectory()
        let elsewhere = Messages()
        let path = folder.path("journal")
        var peer: DatagramPeer? = try DatagramPeer(path: path)
        let logger = try Self.logger(to: path, otherwise: elsewhere)
        logger.info("first")
        #expect(peer?.texts().count == 1)
        peer = nil
        logger.info("nobody is there")
        unlink(path)
        logger.info("nor is a socket")
        #expect(elsewhere.all == ["nobody is there", "nor is a socket"])
        let next = try DatagramPeer(path: path)
        logger.info("second")
        // It goes and comes again between two lines.
        #expect(next.texts().count == 1)
        unlink(path)
        let last = try DatagramPeer(path: path)
        withExtendedLifetime(next) {}
        logger.info("third")
        #expect(next.texts().count + last.texts().count == 1)
        #expect(elsewhere.all.count == 2)
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

    /// Sends to a socket until it takes no more.
    private static func fill(_ path: String) throws {
        var entry = JournalEntry()
        entry.add("MESSAGE", "filling")
        // What one socket may have under way is limited as well.
        while true {
            let socket = try #require(JournalSocket(path: path, patience: .zero))
            guard socket.send(entry, droppedField: "DROPPED", mayDrop: false) else { return }
            while socket.send(entry, droppedField: "DROPPED", mayDrop: false) {}
        }
    }

    private static func logger(
        to path: String,
        otherwise elsewhere: Messages,
        patience: Duration = .milliseconds(1),
        hasRoom: @escaping @Sendable () -> Bool = { true }
    ) throws -> Logger {
        let socket = try #require(JournalSocket(path: path, patience: patience))
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
        return Logger(label: "test") { _ in
            JournalLogHandler(socket: socket, dialect: dialect, fallback: fallback, hasRoom: hasRoom)
        }
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
