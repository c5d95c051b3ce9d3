import Blocking
import CLibpq
import Glibc

/// A connection for one thread at a time; each call blocks that thread until it is done, its deadline passes, or its
/// flag is set.
///
/// libpq runs in its nonblocking mode below: every wait is a `poll` of at most 200 ms at a time, so no call can hang on a
/// silent server. Tasks use ``Connection``, which has a thread of its own.
package final class BlockingConnection {
    /// How long one `poll` waits: the time a cancellation takes to be seen.
    private static let pollSlice = Duration.milliseconds(200)

    /// The settings that it was made with.
    package let settings: ConnectionSettings
    let handle: OpaquePointer
    private let noticeCollector = NoticeCollector()
    /// Makes the connection unusable from another thread: a wait under way ends.
    let abortFlag = CancellationFlag()
    private var isBroken = false
    private var readsSincePoll = 0

    /// Takes ownership of a handle from `PQconnectStartParams`.
    init(handle: OpaquePointer, settings: ConnectionSettings) {
        self.handle = handle
        self.settings = settings
        noticeCollector.attach(to: handle)
    }

    deinit {
        PQfinish(handle)
    }

    /// Whether it can take another query, as far as is known without asking the server.
    package var isUsable: Bool {
        !isBroken && PQstatus(handle) == CONNECTION_OK
    }

    /// The server's version.
    package var serverVersion: ServerVersion {
        ServerVersion(number: Int(PQserverVersion(handle)))
    }

    /// The process id of the server process behind this connection.
    package var backendPID: Int32 {
        PQbackendPID(handle)
    }

    /// Whether the connection is encrypted.
    package var isEncrypted: Bool {
        PQsslInUse(handle) != 0
    }

    /// A setting that the server reports by itself: `server_encoding`, `in_hot_standby`, `TimeZone`, ….
    package func parameterStatus(_ name: String) -> String? {
        PQparameterStatus(handle, name).map { String(cString: $0) }
    }

    /// The warnings and notices that came since the last call or query, the first 1000 of them.
    package func takeNotices() -> [Notice] {
        noticeCollector.take()
    }

    /// Looks whether the server has closed the connection, without a round trip and without waiting.
    package func seesServer() -> Bool {
        guard isUsable else { return false }
        // A message may be in the way of the end of the stream, so look more than once.
        for _ in 0..<4 {
            var state = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&state, 1, 0) > 0 else { return true }
            guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { break }
            // Makes libpq parse what came while idle: notices, parameter changes, the reason for an end.
            _ = PQisBusy(handle)
        }
        isBroken = true
        return false
    }

    /// Whether a transaction is open, a failed one included.
    var isInTransaction: Bool {
        PQtransactionStatus(handle) != PQTRANS_IDLE
    }

    /// Makes the connection unusable; it is closed when the object goes.
    func abandon() {
        isBroken = true
    }

    // MARK: - Waiting

    /// Sends what libpq has buffered, taking in what comes meanwhile.
    func flush(until deadline: Deadline, _ cancellation: CancellationFlag?) throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                let ready = try wait(for: Int16(POLLIN | POLLOUT), until: deadline, cancellation)
                if ready & Int16(POLLIN) != 0 { try consume() }
            default: throw connectionLost()
            }
        }
    }

    /// Waits for bytes from the server and takes them in. It may return without any: callers loop.
    func receive(until deadline: Deadline, _ cancellation: CancellationFlag?) throws {
        // OpenSSL may hold decrypted bytes that poll can't see. A TLS record has 16 KiB at most and libpq reads 8 KiB or
        // more at a time, so three reads without waiting leave nothing there.
        if isEncrypted, readsSincePoll < 3 {
            readsSincePoll += 1
        } else {
            readsSincePoll = 0
            try wait(for: Int16(POLLIN), until: deadline, cancellation)
        }
        try consume()
    }

    private func consume() throws {
        guard PQconsumeInput(handle) == 1 else { throw connectionLost() }
    }

    /// Waits until the socket is ready.
    ///
    /// - Returns: The `revents` of poll(2).
    /// - Throws: `timedOut` at the deadline, `CancellationError` when the flag is set.
    @discardableResult
    func wait(for events: Int16, until deadline: Deadline, _ cancellation: CancellationFlag?) throws -> Int16 {
        while true {
            if abortFlag.isCancelled {
                isBroken = true
                throw PostgresError(.connectionLost, "the connection was closed on this side")
            }
            if cancellation?.isCancelled == true { throw CancellationError() }
            let left = deadline.remaining
            guard left > .zero else {
                throw PostgresError(.timedOut, "no answer from the server in \(deadline.allowed)")
            }
            var state = pollfd(fd: PQsocket(handle), events: events, revents: 0)
            let ready = poll(&state, 1, min(left, Self.pollSlice).wholeMilliseconds)
            if ready > 0 { return state.revents }
            if ready < 0 && errno != EINTR { throw connectionLost() }
        }
    }

    /// The next result, or `nil` at the end of the query.
    func nextResult(until deadline: Deadline, _ cancellation: CancellationFlag?) throws -> ResultStorage? {
        while PQisBusy(handle) == 1 { try receive(until: deadline, cancellation) }
        return PQgetResult(handle).map { ResultStorage($0) }
    }

    // MARK: - Errors

    /// The error of a connection that broke.
    func connectionLost() -> PostgresError {
        isBroken = true
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let message = text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0.isWhitespace })
        }.joined(separator: "; ")
        return PostgresError(
            .connectionLost,
            message.isEmpty
                ? "the connection to the server was lost" : "the connection to the server was lost: \(message)",
            hint: "Look at the server's log; the work will be tried again."
        )
    }

    /// The error that a result stands for.
    func error(of result: ResultStorage) -> PostgresError {
        let notice = result.notice
        if notice.sqlState.isEmpty {
            if PQstatus(handle) != CONNECTION_OK { return connectionLost() }
            return PostgresError(.protocolViolation, notice.message)
        }
        let kind: PostgresError.Kind =
            switch notice.sqlState {
            case "57014": .cancelled
            case "57P01", "57P02", "57P03", "57P05": .connectionLost
            case "42501": .permissionDenied
            case "53300": .tooManyConnections
            default: .serverError
            }
        if kind == .connectionLost { isBroken = true }
        return PostgresError(
            kind,
            notice.message,
            sqlState: notice.sqlState,
            detail: notice.detail,
            hint: notice.hint
        )
    }
}
