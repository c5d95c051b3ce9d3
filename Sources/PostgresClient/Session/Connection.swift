package import Blocking
import Synchronization

/// A connection to a server, for tasks.
///
/// It works on a thread of its own, so a slow server never holds up other tasks. Queries run one after the other. When
/// the task that waits for a query is cancelled, the query is cancelled at the server too. The connection is closed when
/// the object goes.
package final class Connection: Sendable {
    /// A number that no other connection of this process has had.
    package let serial: UInt64
    /// The settings that it was made with.
    package let settings: ConnectionSettings
    /// The server's version.
    package let serverVersion: ServerVersion
    /// The process id of the server process behind this connection.
    package let backendPID: Int32
    /// Whether the connection is encrypted.
    package let isEncrypted: Bool
    private let thread: ConnectionThread
    private let abortFlag: CancellationFlag
    private static let lastSerial = Atomic<UInt64>(0)

    /// Connects.
    ///
    /// - Parameter settings: Where to and as whom.
    /// - Throws: ``PostgresError`` with a hint for the operator; `CancellationError` when the task is cancelled.
    package static func connect(_ settings: ConnectionSettings) async throws -> Connection {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                startThread("postgres") {
                    let thread = ConnectionThread()
                    thread.serve {
                        do {
                            let connection = try BlockingConnection.connect(settings, cancellation: flag)
                            continuation.resume(returning: Connection(connection, on: thread))
                            return connection
                        } catch {
                            continuation.resume(throwing: error)
                            return nil
                        }
                    }
                }
            }
        } onCancel: {
            flag.cancel()
        }
    }

    private init(_ connection: BlockingConnection, on thread: ConnectionThread) {
        serial = Self.lastSerial.add(1, ordering: .relaxed).newValue
        settings = connection.settings
        serverVersion = connection.serverVersion
        backendPID = connection.backendPID
        isEncrypted = connection.isEncrypted
        abortFlag = connection.abortFlag
        self.thread = thread
    }

    deinit {
        thread.finish()
    }

    // MARK: - Queries

    /// Runs one statement with parameters (`$1`, `$2`, …) and gives all its rows.
    ///
    /// - Parameters:
    ///   - sql: One statement.
    ///   - parameters: Its parameters.
    ///   - timeout: How long it may take; by default the settings' `queryTimeout`.
    /// - Throws: ``PostgresError``; `CancellationError` when the task was cancelled. After `timedOut` and cancellation
    ///   the connection is usable again, unless the server didn't answer: then it is closed.
    @discardableResult
    package func query(
        _ sql: String,
        _ parameters: [any PostgresEncodable] = [],
        timeout: Duration? = nil
    ) async throws -> QueryResult {
        try await perform { try $0.query(sql, parameters, timeout: timeout, cancellation: $1) }
    }

    /// Runs statements in a transaction of their own, on the connection's thread: the task is gone back to only at the end.
    ///
    /// When it throws, the transaction may be left open for the caller to roll back; a ``ConnectionPool`` does.
    ///
    /// - Parameters:
    ///   - begin: What begins the transaction: `BEGIN`, and what goes before anything else.
    ///   - timeout: How long the beginning and the end may take, each.
    ///   - body: Runs the statements, which end with `CancellationError` when the task is cancelled and they are given the flag.
    /// - Returns: What `body` returns, once the transaction is committed.
    /// - Throws: As ``query(_:_:timeout:)``; what `body` throws.
    package func inTransaction<Value: Sendable>(
        _ begin: String = "BEGIN",
        timeout: Duration? = nil,
        _ body: @escaping @Sendable (BlockingConnection, CancellationFlag) throws -> Value
    ) async throws -> Value {
        try await perform { connection, cancellation in
            try connection.inTransaction(begin, timeout: timeout, cancellation: cancellation) {
                try body($0, cancellation)
            }
        }
    }

    /// Runs one or more statements without parameters, in one transaction unless they say otherwise.
    ///
    /// - Returns: The last statement's result.
    /// - Throws: As ``query(_:_:timeout:)``.
    @discardableResult
    package func simpleQuery(_ sql: String, timeout: Duration? = nil) async throws -> QueryResult {
        try await perform { try $0.simpleQuery(sql, timeout: timeout, cancellation: $1) }
    }

    /// Runs a `COPY … TO STDOUT` and hands each row's bytes to a closure on the connection's thread.
    ///
    /// - Parameters:
    ///   - sql: The COPY statement.
    ///   - timeout: How long all of it may take; `nil` bounds only the silence, by the settings' `livenessTimeout`.
    ///   - body: Takes a row. The buffer is gone after the call. What it throws ends the COPY.
    /// - Returns: The bytes and rows that came. None is kept.
    /// - Throws: As ``query(_:_:timeout:)``, and what `body` throws.
    @discardableResult
    package func copyOut(
        _ sql: String,
        timeout: Duration? = nil,
        _ body: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) async throws -> CopySummary {
        try await perform { try $0.copyOut(sql, timeout: timeout, cancellation: $1, body) }
    }

    // MARK: - State

    /// Whether it can take another query, as far as is known without asking the server.
    package var isUsable: Bool {
        get async { await ask { $0?.isUsable ?? false } }
    }

    /// A setting that the server reports by itself: `server_encoding`, `in_hot_standby`, ….
    package func parameterStatus(_ name: String) async -> String? {
        await ask { $0?.parameterStatus(name) }
    }

    /// Looks whether the server has closed the connection, without a round trip.
    package func seesServer() async -> Bool {
        await ask { $0?.seesServer() ?? false }
    }

    /// Whether somebody else may use it now: usable, and outside a transaction. An open transaction is rolled back.
    func canBeReused() async -> Bool {
        let timeout = settings.cancelTimeout
        return await ask { connection in
            guard let connection, connection.isUsable else { return false }
            guard connection.isInTransaction else { return true }
            return (try? connection.simpleQuery("ROLLBACK", timeout: timeout)) != nil
        }
    }

    // MARK: - End

    /// Closes the connection; queries that were begun before go to their end.
    package func close() async {
        await withCheckedContinuation { continuation in
            thread.run { connection in
                connection = nil
                continuation.resume()
            }
        }
    }

    /// Closes the connection without waiting for it; a query that runs ends with `connectionLost` in 200 ms.
    package func closeSoon() {
        abortFlag.cancel()
        thread.run { $0 = nil }
    }

    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (BlockingConnection, CancellationFlag) throws -> Value
    ) async throws -> Value {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                thread.run { connection in
                    guard let connection else {
                        let error = PostgresError(.connectionLost, "the connection to the server is closed")
                        return continuation.resume(throwing: error)
                    }
                    continuation.resume(with: Result { try body(connection, flag) })
                }
            }
        } onCancel: {
            flag.cancel()
        }
    }

    private func ask<Value: Sendable>(_ body: @escaping @Sendable (BlockingConnection?) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            thread.run { continuation.resume(returning: body($0)) }
        }
    }
}
