import Blocking
import CLibpq

extension ReplicationConnection {
    /// Begins a base backup and waits for its checkpoint.
    ///
    /// Then ``forEachBaseBackupMessage(_:)`` (or ``nextBaseBackupMessage(_:)`` until it returns `nil`), then ``finishBaseBackup()``; or
    /// the object is dropped, which ends the backup at the server.
    ///
    /// - Throws: ``PostgresError``, `CancellationError`.
    package func startBaseBackup(_ options: BaseBackupOptions = BaseBackupOptions()) throws -> BaseBackupStart {
        try begin(options.command)
        let deadline = Deadline(in: options.startTimeout)
        do {
            try connection.flush(until: deadline, cancellation)
            let start = try positionResult(try result(until: deadline))
            let tablespaces = try result(until: deadline)
            let rows = QueryResult(tablespaces, notices: []).rows
            let list = try rows.map { row in
                BaseBackupStart.Tablespace(
                    oid: try row.decode(0),
                    path: try row.decode(1),
                    // A client-side unit of the protocol: 1024 bytes.
                    estimatedBytes: try row.decode(2, as: Int64?.self).map { $0 * 1024 }
                )
            }
            let copy = try result(until: deadline)
            guard copy.status == PGRES_COPY_OUT else {
                throw PostgresError(.protocolViolation, "the server sent no base backup stream")
            }
            return BaseBackupStart(position: start, tablespaces: list)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Hands the next message of a base backup to a closure.
    ///
    /// Costs one copy, libpq's own from its input buffer.
    ///
    /// - Parameter body: Takes the message; its bytes are gone after the call.
    /// - Returns: What `body` returns; `nil` when the data is over.
    /// - Throws: ``PostgresError``: `timedOut` after the settings' `livenessTimeout` without a byte; `CancellationError`; what
    ///   `body` throws. The backup is over after any of them.
    package func nextBaseBackupMessage<Value>(_ body: (BaseBackupMessage) throws -> Value) throws -> Value? {
        guard isStreaming else { throw PostgresError(.protocolViolation, "no base backup was started") }
        if cancellation?.isCancelled == true {
            fail(CancellationError())
            throw CancellationError()
        }
        do {
            return try connection.nextCopyData(within: connection.settings.livenessTimeout, cancellation) {
                try body(BaseBackupMessage($0))
            }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Hands every message of a base backup to a closure, until the data is over.
    ///
    /// - Throws: As ``nextBaseBackupMessage(_:)``.
    package func forEachBaseBackupMessage(_ body: (BaseBackupMessage) throws -> Void) throws {
        var isOver = false
        while !isOver {
            let message: Void? = try nextBaseBackupMessage(body)
            isOver = message == nil
        }
    }

    /// Takes what the server says after a base backup's data.
    ///
    /// - Throws: ``PostgresError``, also when the server stopped early (its own reason), `CancellationError`.
    package func finishBaseBackup() throws -> BaseBackupEnd {
        let deadline = Deadline(in: connection.settings.livenessTimeout)
        do {
            let end = try positionResult(try result(until: deadline))
            var damage: PostgresError?
            do {
                try connection.finishQuery(until: deadline, cancellation)
            } catch let error as PostgresError where error.sqlState == "XX001" {
                damage = error
            }
            isStreaming = false
            return BaseBackupEnd(position: end, damage: damage, notices: connection.takeNotices())
        } catch {
            fail(error)
            throw error
        }
    }

    func begin(_ command: String) throws {
        guard !isStreaming else { throw PostgresError(.protocolViolation, "the connection is inside a stream") }
        try connection.requireUsable()
        _ = connection.takeNotices()
        guard PQsendQuery(connection.handle, command) == 1 else { throw connection.connectionLost() }
        isStreaming = true
        hasServerEnded = false
    }

    /// The next result, which must not be an error.
    func result(until deadline: Deadline) throws -> ResultStorage {
        guard let result = try connection.nextResult(until: deadline, cancellation) else {
            throw PostgresError(.protocolViolation, "the server ended the command early")
        }
        guard result.status != PGRES_FATAL_ERROR else {
            let error = connection.error(of: result)
            // Leaves the connection ready for another command when the server is.
            try? connection.finishQuery(until: deadline, cancellation)
            throw error
        }
        return result
    }

    /// A result of one row: a position and a timeline.
    func positionResult(_ storage: ResultStorage) throws -> TimelinePosition {
        let row = try QueryResult(storage, notices: []).onlyRow()
        return TimelinePosition(position: try row.decode(0), timeline: try row.decode(1))
    }

    /// After an error inside a stream: the connection is usable again only when the server refused the command and waits
    /// for another one. Anything else ends it; the server notices and stops.
    func fail(_ error: any Error) {
        isStreaming = false
        if PQtransactionStatus(connection.handle) == PQTRANS_ACTIVE { connection.abandon() }
    }
}
