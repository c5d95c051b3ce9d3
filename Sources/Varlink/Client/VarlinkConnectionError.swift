/// Why a service could not be talked to. What the service itself answers is a ``VarlinkError``.
package struct VarlinkConnectionError: Error, Hashable, CustomStringConvertible {
    /// The kinds of failure a caller may tell apart.
    package enum Code: String, Sendable, Hashable {
        /// There is no socket at the path.
        case notFound
        /// There is a socket, but nobody listens.
        case refused
        /// The file system does not let this user connect.
        case permissionDenied
        /// No answer in the time given.
        case timedOut
        /// The service closed the connection.
        case closed
        /// The path is longer than a Unix socket's may be.
        case pathTooLong
        /// What came is not Varlink.
        case badReply
        /// The reply is Varlink, but not of the type expected: the versions of client and service differ.
        case unexpectedType
        /// Another failure of the system.
        case system
    }

    /// The kind of failure.
    package let code: Code
    /// What happened, as a clause.
    package let message: String
    /// What the operator can do, as a sentence; `nil` when nothing better than the message is known.
    package let hint: String?

    package init(code: Code, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
