package import Blocking
import CLibpq
import Glibc

extension BlockingConnection {
    /// Connects.
    ///
    /// - Parameters:
    ///   - settings: Where to and as whom.
    ///   - cancellation: Ends the attempt with `CancellationError`.
    /// - Throws: ``PostgresError`` with a hint for the operator.
    package static func connect(
        _ settings: ConnectionSettings,
        cancellation: CancellationFlag? = nil
    ) throws -> BlockingConnection {
        try connect(settings, replication: nil, cancellation: cancellation)
    }

    static func connect(
        _ settings: ConnectionSettings,
        replication: String?,
        cancellation: CancellationFlag?
    ) throws -> BlockingConnection {
        let deadline = Deadline(in: settings.connectTimeout)
        let parameters = settings.parameters(replication: replication)
        let handle = withCStrings(parameters.map(\.key)) { keys in
            withCStrings(parameters.map(\.value)) { values in
                // 0: a database name is a name, never a connection string.
                PQconnectStartParams(keys, values, 0)
            }
        }
        guard let handle else { throw PostgresError(.connectionFailed, "out of memory for a connection") }
        // The handle belongs to the object from here on, so it is freed on every way out.
        let connection = BlockingConnection(handle: handle, settings: settings)
        // Puts the SQLSTATE into the text of a refusal, which libpq doesn't give in another way.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        var isPhysical: Bool { replication == "true" }
        func failure() -> PostgresError {
            let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
            return PostgresError(connecting: text, settings: settings, isReplication: isPhysical)
        }
        guard PQstatus(handle) != CONNECTION_BAD else { throw failure() }
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            do {
                let events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT
                try connection.wait(for: Int16(events), until: deadline, cancellation)
            } catch let error as PostgresError where error.kind == .timedOut {
                throw PostgresError(
                    connecting: "connecting to '\(settings.host)' port \(settings.port) timed out after "
                        + "\(settings.connectTimeout)",
                    settings: settings,
                    isReplication: isPhysical
                )
            }
            status = PQconnectPoll(handle)
            if status == PGRES_POLLING_FAILED { throw failure() }
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        guard PQsetnonblocking(handle, 1) == 0 else { throw connection.connectionLost() }
        return connection
    }
}

/// Hands C strings, with a null pointer at the end, to a closure.
private func withCStrings<Value>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let copies = strings.map { strdup($0) }
    defer {
        for copy in copies {
            // Passwords are among them.
            if let copy { explicit_bzero(copy, strlen(copy)) }
            free(copy)
        }
    }
    var pointers = copies.map { $0.map { UnsafePointer($0) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
