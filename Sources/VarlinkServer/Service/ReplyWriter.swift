import Varlink

/// Sends the replies before the last one to a call made with `more`.
package struct ReplyWriter: Sendable {
    /// Whether the client takes more than one reply.
    package let isActive: Bool
    private let write: @Sendable (VarlinkReply) async throws -> Void

    init(isActive: Bool, write: @escaping @Sendable (VarlinkReply) async throws -> Void) {
        self.isActive = isActive
        self.write = write
    }

    /// Sends one reply with `continues`, and waits until the kernel has taken it: a slow client slows its handler down.
    ///
    /// Does nothing when the client did not ask for more: a method may serve both kinds of call by the same code.
    ///
    /// - Throws: `CancellationError` when the client has gone or the server stops; `EncodingError`.
    package func send(_ output: some Encodable) async throws {
        guard isActive else { return }
        try Task.checkCancellation()
        let parameters = try JSONValue(encoding: output).objectValue ?? [:]
        try await write(VarlinkReply(parameters: parameters, continues: true))
    }
}
