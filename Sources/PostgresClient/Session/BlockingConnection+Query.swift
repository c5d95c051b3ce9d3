package import Blocking
import CLibpq
import Glibc

extension BlockingConnection {
    /// Runs one statement with parameters (`$1`, `$2`, …) and gives all its rows.
    ///
    /// - Parameters:
    ///   - sql: One statement.
    ///   - parameters: Its parameters, at most 65535.
    ///   - timeout: How long it may take; by default the settings' `queryTimeout`.
    ///   - cancellation: Ends it with `CancellationError`.
    /// - Throws: ``PostgresError``. After `timedOut` and `CancellationError` the statement was cancelled at the server; the
    ///   connection is usable again unless the server didn't answer (see ``isUsable``).
    package func query(
        _ sql: String,
        _ parameters: [any PostgresEncodable] = [],
        timeout: Duration? = nil,
        cancellation: CancellationFlag? = nil
    ) throws -> QueryResult {
        try run(timeout ?? settings.queryTimeout, cancellation) {
            $0.send(sql, parameters.map(\.postgresParameter))
        }
    }

    /// Runs one or more statements without parameters by the simple protocol, in one transaction unless they say
    /// otherwise; replication commands go this way too.
    ///
    /// - Returns: The last statement's result.
    /// - Throws: As ``query(_:_:timeout:cancellation:)``.
    @discardableResult
    package func simpleQuery(
        _ sql: String,
        timeout: Duration? = nil,
        cancellation: CancellationFlag? = nil
    ) throws -> QueryResult {
        try run(timeout ?? settings.queryTimeout, cancellation) { PQsendQuery($0.handle, sql) == 1 }
    }

    /// Runs statements in a transaction of their own.
    ///
    /// When it throws, the transaction may be left open for the caller to roll back; a ``ConnectionPool`` does.
    ///
    /// - Parameters:
    ///   - begin: What begins the transaction: `BEGIN`, and what goes before anything else.
    ///   - timeout: How long the beginning and the end may take, each.
    ///   - cancellation: Ends it with `CancellationError`.
    ///   - body: Runs the statements.
    /// - Returns: What `body` returns, once the transaction is committed.
    /// - Throws: As ``query(_:_:timeout:cancellation:)``; what `body` throws.
    package func inTransaction<Value>(
        _ begin: String = "BEGIN",
        timeout: Duration? = nil,
        cancellation: CancellationFlag? = nil,
        _ body: (BlockingConnection) throws -> Value
    ) throws -> Value {
        try simpleQuery(begin, timeout: timeout, cancellation: cancellation)
        let value = try body(self)
        // Where a statement had failed, the server answers COMMIT by rolling back, and calls that no error.
        guard try simpleQuery("COMMIT", timeout: timeout, cancellation: cancellation).command == "COMMIT" else {
            throw PostgresError(.serverError, "the transaction was rolled back, for a statement in it had failed")
        }
        return value
    }

    private func run(
        _ timeout: Duration,
        _ cancellation: CancellationFlag?,
        send: (BlockingConnection) -> Bool
    ) throws -> QueryResult {
        try requireUsable()
        _ = takeNotices()
        let deadline = Deadline(in: timeout)
        return try interruptible {
            guard send(self) else { throw connectionLost() }
            try flush(until: deadline, cancellation)
            var last: ResultStorage?
            var failure: PostgresError?
            while let result = try nextResult(until: deadline, cancellation) {
                switch result.status {
                case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: last = result
                case PGRES_FATAL_ERROR: failure = failure ?? error(of: result)
                case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                    abandon()
                    throw PostgresError(.protocolViolation, "the statement began a COPY where rows were expected")
                default:
                    abandon()
                    throw PostgresError(.protocolViolation, "the server sent an unknown kind of result")
                }
            }
            if let failure { throw failure }
            guard let last else { throw PostgresError(.protocolViolation, "the server sent no result") }
            return QueryResult(last, notices: takeNotices())
        }
    }

    func requireUsable() throws {
        guard isUsable else { throw PostgresError(.connectionLost, "the connection to the server is closed") }
    }

    /// Runs a query's steps; when they throw while the server still works on it, ends it at the server too.
    func interruptible<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if isUsable, PQtransactionStatus(handle) == PQTRANS_ACTIVE { interrupt() }
            throw error
        }
    }

    /// Cancels the running query and takes in what is left of it, in `cancelTimeout`; else gives up the connection.
    func interrupt() {
        let deadline = Deadline(in: settings.cancelTimeout)
        guard let request = CancelRequest(handle) else { return abandon() }
        // PQcancel opens a connection of its own and has no time-out, hence the thread.
        startThread("pg cancel") { request.send() }
        do {
            while let result = try nextResult(until: deadline, nil) {
                switch result.status {
                case PGRES_COPY_OUT: try dropCopyData(until: deadline)
                case PGRES_COPY_BOTH:
                    _ = PQputCopyEnd(handle, nil)
                    try flush(until: deadline, nil)
                    try dropCopyData(until: deadline)
                case PGRES_COPY_IN: return abandon()
                default: break
                }
            }
            // A request that is still under way could hit the next query.
            while !request.isDone {
                guard deadline.remaining > .zero else { return abandon() }
                usleep(1000)
            }
        } catch {
            abandon()
        }
        _ = takeNotices()
    }

    private func dropCopyData(until deadline: Deadline) throws {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 1)
            if let buffer { PQfreemem(buffer) }
            if count < 0 { return }
            if count == 0 { try receive(until: deadline, nil) }
        }
    }

    private func send(_ sql: String, _ parameters: [PostgresParameter]) -> Bool {
        // libpq wants text with a NUL at the end; for binary the length counts.
        let copies = parameters.map { parameter in
            parameter.bytes.map { bytes -> UnsafeMutablePointer<CChar> in
                let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
                for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
                copy[bytes.count] = 0
                return copy
            }
        }
        defer { for copy in copies { copy?.deallocate() } }
        let values = copies.map { $0.map { UnsafePointer($0) } }
        return PQsendQueryParams(
            handle,
            sql,
            Int32(parameters.count),
            parameters.map(\.type),
            values,
            parameters.map { Int32($0.bytes?.count ?? 0) },
            parameters.map { $0.isBinary ? 1 : 0 },
            0
        ) == 1
    }
}
