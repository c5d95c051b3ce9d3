import Blocking
import CLibpq

extension ReplicationConnection {
    /// What waiting for a message gave.
    package enum StreamEvent<Value> {
        /// A message came; this is what the closure made of it.
        case message(Value)
        /// Nothing came in the time given.
        case silence
        /// The server ended the stream: it shuts down, or the timeline ends here. ``endStreaming()`` tells.
        case end
    }

    /// Begins a stream of WAL.
    ///
    /// Then ``nextMessage(waiting:_:)`` and ``send(_:)`` in turns, and ``endStreaming()`` at the end.
    ///
    /// - Parameters:
    ///   - slot: A physical slot to hold WAL by, or `nil`.
    ///   - position: Where to begin; the server rounds nothing, so give a segment's start for whole segments.
    ///   - timeline: The timeline to follow.
    /// - Throws: ``PostgresError``; WAL that is gone is SQLSTATE 58P01.
    package func startStreaming(slot: String? = nil, from position: LSN, timeline: TimelineID) throws {
        let slotPart = slot.map { "SLOT \(Self.quoted($0)) " } ?? ""
        try begin("START_REPLICATION \(slotPart)PHYSICAL \(position) TIMELINE \(timeline.rawValue)")
        let deadline = Deadline(in: connection.settings.queryTimeout)
        do {
            try connection.flush(until: deadline, cancellation)
            let first = try result(until: deadline)
            guard first.status == PGRES_COPY_BOTH else {
                // The server answers with a result when the timeline ends exactly at `position`: nothing to stream.
                try connection.finishQuery(until: deadline, cancellation)
                throw PostgresError(.serverError, "timeline \(timeline) ends at \(position): there is no WAL to stream")
            }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Waits for the next message and hands it to a closure.
    ///
    /// - Parameters:
    ///   - wait: How long to wait at most.
    ///   - body: Takes the message; its bytes are gone after the call.
    /// - Throws: ``PostgresError``, `CancellationError`, what `body` throws.
    package func nextMessage<Value>(
        waiting wait: Duration,
        _ body: (ReplicationMessage) throws -> Value
    ) throws -> StreamEvent<Value> {
        guard isStreaming else { throw PostgresError(.protocolViolation, "no stream was started") }
        do {
            try cancellation?.check()
            let value = try connection.nextCopyData(within: wait, cancellation) { try body(ReplicationMessage($0)) }
            guard let value else {
                hasServerEnded = true
                return .end
            }
            return .message(value)
        } catch let error as PostgresError where error.kind == .timedOut && connection.isUsable {
            return .silence
        } catch {
            fail(error)
            throw error
        }
    }

    /// Tells the server how far this side is. With a slot, `flushed` lets it remove WAL.
    ///
    /// - Throws: ``PostgresError`` when it can't be sent in the settings' `livenessTimeout`.
    package func send(_ status: StandbyStatus) throws {
        let message = status.encoded(now: PostgresTime.nowInMicroseconds)
        let deadline = Deadline(in: connection.settings.livenessTimeout)
        do {
            let sent = message.withUnsafeBytes { bytes in
                PQputCopyData(
                    connection.handle,
                    bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(bytes.count)
                )
            }
            guard sent == 1 else { throw connection.connectionLost() }
            try connection.flush(until: deadline, cancellation)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Ends a stream in good order, so that the connection can take commands again.
    ///
    /// - Returns: The next timeline and where it begins, when the followed one has ended.
    /// - Throws: ``PostgresError``; a server that shuts down says so here.
    @discardableResult
    package func endStreaming() throws -> TimelinePosition? {
        let deadline = Deadline(in: connection.settings.livenessTimeout)
        do {
            // After an error of the server there is no COPY to end, and libpq says so; the error comes below.
            _ = PQputCopyEnd(connection.handle, nil)
            try connection.flush(until: deadline, cancellation)
            while !hasServerEnded {
                let liveness = connection.settings.livenessTimeout
                let message: Void? = try connection.nextCopyData(within: liveness, cancellation) { _ in }
                hasServerEnded = message == nil
            }
            var next: TimelinePosition?
            var failure: PostgresError?
            while let result = try connection.nextResult(until: deadline, cancellation) {
                switch result.status {
                case PGRES_TUPLES_OK:
                    let row = try QueryResult(result, notices: []).onlyRow()
                    next = TimelinePosition(position: try row.decode(1), timeline: try row.decode(0))
                case PGRES_FATAL_ERROR: failure = failure ?? connection.error(of: result)
                default: break
                }
            }
            if let failure { throw failure }
            isStreaming = false
            return next
        } catch {
            fail(error)
            throw error
        }
    }
}
