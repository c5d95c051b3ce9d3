package import Blocking
import CLibpq

extension BlockingConnection {
    /// Runs a `COPY … TO STDOUT` and hands each row's bytes to a closure, without keeping any.
    ///
    /// - Parameters:
    ///   - sql: The COPY statement.
    ///   - timeout: How long all of it may take; `nil` bounds only the silence, by the settings' `livenessTimeout`.
    ///   - cancellation: Ends it with `CancellationError`.
    ///   - body: Takes a row. The buffer is libpq's and gone after the call. What it throws ends the COPY.
    /// - Returns: The bytes and rows that came.
    /// - Throws: ``PostgresError``, and what `body` throws.
    @discardableResult
    package func copyOut(
        _ sql: String,
        timeout: Duration? = nil,
        cancellation: CancellationFlag? = nil,
        _ body: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> CopySummary {
        try requireUsable()
        _ = takeNotices()
        let whole = timeout.map { Deadline(in: $0) }
        let start = whole ?? Deadline(in: settings.queryTimeout)
        var summary = CopySummary()
        try interruptible {
            guard PQsendQuery(handle, sql) == 1 else { throw connectionLost() }
            try flush(until: start, cancellation)
            guard let first = try nextResult(until: start, cancellation) else {
                throw PostgresError(.protocolViolation, "the server sent no result")
            }
            guard first.status == PGRES_COPY_OUT else {
                let failure =
                    first.status == PGRES_FATAL_ERROR
                    ? error(of: first) : PostgresError(.protocolViolation, "the statement is no COPY … TO STDOUT")
                if first.status != PGRES_FATAL_ERROR { abandon() }
                try finishQuery(until: start, cancellation)
                throw failure
            }
            var isOver = false
            while !isOver {
                let message: Void? = try nextCopyData(within: settings.livenessTimeout, until: whole, cancellation) {
                    summary.bytes += Int64($0.count)
                    summary.rows += 1
                    try body($0)
                }
                isOver = message == nil
            }
            try finishQuery(until: Deadline(in: settings.livenessTimeout), cancellation)
        }
        return summary
    }

    /// The next message of a COPY, in libpq's own memory.
    ///
    /// All that libpq holds is taken before more is read: its buffer would grow otherwise.
    ///
    /// - Parameters:
    ///   - liveness: After how long without a message it throws `timedOut`.
    ///   - whole: A deadline for the whole COPY.
    ///   - body: Takes the message.
    /// - Returns: What `body` returns; `nil` when the COPY is over.
    func nextCopyData<Value>(
        within liveness: Duration,
        until whole: Deadline? = nil,
        _ cancellation: CancellationFlag?,
        _ body: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value? {
        var deadline: Deadline?
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 1)
            switch count {
            case 1...:
                defer { PQfreemem(buffer) }
                return try body(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
            case 0:
                let silence = deadline ?? Deadline(in: liveness)
                deadline = silence
                if let whole, whole.remaining < silence.remaining {
                    try receive(until: whole, cancellation)
                } else {
                    try receive(until: silence, cancellation)
                }
            case -1: return nil
            default:
                if PQstatus(handle) != CONNECTION_OK { throw connectionLost() }
                let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
                abandon()
                throw PostgresError(.protocolViolation, "the stream broke off: \(text.prefix { !$0.isNewline })")
            }
        }
    }

    /// Takes the results that are left and throws the first error among them.
    func finishQuery(until deadline: Deadline, _ cancellation: CancellationFlag?) throws {
        var failure: PostgresError?
        while let result = try nextResult(until: deadline, cancellation) {
            if result.status == PGRES_FATAL_ERROR { failure = failure ?? error(of: result) }
        }
        if let failure { throw failure }
    }
}
