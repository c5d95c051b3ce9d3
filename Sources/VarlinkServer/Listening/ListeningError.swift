/// Why a socket cannot be listened on.
package struct ListeningError: Error, Hashable, CustomStringConvertible {
    /// The kinds of failure a caller may tell apart.
    package enum Code: String, Sendable, Hashable {
        /// The path is longer than a Unix socket's may be.
        case pathTooLong
        /// Somebody listens there.
        case inUse
        /// There is something at the path that is no socket.
        case notASocket
        /// There is no such group.
        case unknownGroup
        /// The inherited descriptor is no listening Unix socket.
        case notListening
        /// The socket was used up before.
        case usedUp
        /// Another failure of the system.
        case system
    }

    /// The kind of failure.
    package let code: Code
    /// What happened, as a clause.
    package let message: String
    /// What the operator can do, as a sentence; `nil` when nothing better than the message is known.
    package let hint: String?

    init(code: Code, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
