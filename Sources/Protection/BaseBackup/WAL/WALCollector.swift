import Blocking
import PostgresClient
import Repository
import Synchronization

/// Fetches a backup's WAL over a connection of its own, on a thread of its own, while the files are copied.
///
/// The connection holds a temporary slot from before the backup's start, so that no WAL is removed on the server before it
/// was fetched; the slot goes with the connection, however that ends. On the disk there is at most one segment that is not an
/// object yet.
///
/// `@unchecked Sendable`: the connection and the segments belong to the thread between ``start(at:)`` and ``join()``, and to
/// the caller before and after; starting and joining a thread orders the accesses. What both touch meanwhile is locked.
final class WALCollector: @unchecked Sendable {
    /// A server says at least this often that it lives: we ask.
    private static let questionInterval = Duration.seconds(10)
    /// How long the server may take to send the rest of the last segment, which it has closed and flushed already.
    private static let endPatience = Duration.seconds(120)

    private struct Shared {
        var end: LSN?
        var error: (any Error)?
    }

    private let connection: ReplicationConnection
    private let segments: WALSegmentStore
    private let timeline: TimelineID
    private let slot: String
    private let liveness: Duration
    private let halt: CancellationFlag
    private let ended = BlockingQueue<Void>(capacity: 1)
    private let shared = Mutex(Shared())
    private var isRunning = false

    /// - Parameters:
    ///   - connection: A connection with the slot; nobody else uses it.
    ///   - slot: The slot.
    ///   - segments: Where the WAL goes.
    ///   - timeline: The timeline.
    ///   - liveness: How long the server may be silent.
    ///   - halt: Set when the thread fails, and asks it to stop; the connection watches it too.
    init(
        connection: ReplicationConnection,
        slot: String,
        segments: WALSegmentStore,
        timeline: TimelineID,
        liveness: Duration,
        halt: CancellationFlag
    ) {
        self.connection = connection
        self.slot = slot
        self.segments = segments
        self.timeline = timeline
        self.liveness = liveness
        self.halt = halt
    }

    /// Starts the thread.
    func start() {
        isRunning = true
        startThread("wal") {
            do {
                try self.collect()
            } catch {
                self.shared.withLock { $0.error = error }
                self.halt.cancel()
            }
            self.ended.put(())
        }
    }

    /// Why the thread failed.
    var error: (any Error)? { shared.withLock { $0.error } }

    /// Says where the backup ends: the thread goes on to the end of that segment.
    func finish(at end: LSN) { shared.withLock { $0.end = end } }

    /// Waits for the thread. After ``finish(at:)``, or with `halt` set.
    func join() {
        guard isRunning else { return }
        _ = ended.take()
        isRunning = false
    }

    private func collect() throws {
        try connection.startStreaming(slot: slot, from: segments.position, timeline: timeline)
        var lastMessage = ContinuousClock.now
        var lastQuestion = ContinuousClock.now
        var endKnown: ContinuousClock.Instant?
        while true {
            if let end = shared.withLock({ $0.end }) {
                // All of the segment that holds the last byte: the end of a backup closes it.
                if segments.durablePosition >= end { break }
                let since = endKnown ?? .now
                endKnown = since
                guard since.duration(to: .now) < Self.endPatience else { throw Self.endMissing(end) }
            }
            var needsReply = false
            let event = try connection.nextMessage(waiting: .milliseconds(200)) { message in
                switch message {
                case .walData(let start, _, _, let bytes): return try segments.append(bytes, at: start)
                case .keepalive(_, _, let reply):
                    needsReply = reply
                    return false
                }
            }
            switch event {
            case .message(let isSegmentComplete):
                lastMessage = .now
                if isSegmentComplete || needsReply { try report() }
            case .silence:
                let silence = lastMessage.duration(to: .now)
                guard silence < liveness else {
                    throw PostgresError(.timedOut, "the WAL connection was silent for \(silence)")
                }
                if lastQuestion.duration(to: .now) > Self.questionInterval {
                    lastQuestion = .now
                    try report(wantsReply: true)
                }
            case .end:
                try connection.endStreaming()
                throw BackupError(
                    "walEnded",
                    "the server ended the WAL stream at \(segments.position), before the backup's end",
                    hint: "The server was stopped or changed its timeline; run the backup again when it is up."
                )
            }
        }
        try report()
        try connection.endStreaming()
    }

    /// Tells the server up to where the WAL is durable here; it may then remove it.
    private func report(wantsReply: Bool = false) throws {
        // Nothing of a segment is durable before its object is.
        let durable = segments.durablePosition
        try connection.send(
            StandbyStatus(written: segments.position, flushed: durable, wantsReply: wantsReply)
        )
    }

    private static func endMissing(_ end: LSN) -> BackupError {
        BackupError(
            "walIncomplete",
            "the WAL up to the backup's end \(end) did not arrive within \(endPatience)",
            hint: "Check the network between this host and the server, then run the backup again."
        )
    }
}
