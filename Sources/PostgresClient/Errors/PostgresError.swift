import Blocking

/// Why something with the server did not work.
package struct PostgresError: OperatorError {
    /// The kinds of failure.
    package enum Kind: String, Sendable {
        /// The settings make no sense.
        case invalidSettings
        /// The host's name has no address.
        case hostNotFound
        /// Nothing listens there.
        case connectionRefused
        /// Connecting took too long.
        case connectTimedOut
        /// Another reason not to get through: no route, no socket, ….
        case connectionFailed
        /// TLS could not be agreed on, or the certificate is not believed.
        case tlsFailed
        /// Wrong password, or no such role.
        case authenticationFailed
        /// No line of pg_hba.conf lets this connection in.
        case notInHostBasedAccess
        /// The role lacks a right, REPLICATION for one.
        case permissionDenied
        /// The database does not exist.
        case databaseMissing
        /// All of the server's connections are taken.
        case tooManyConnections
        /// The server starts, stops or recovers.
        case serverNotReady
        /// The connection broke, or the server ended it.
        case connectionLost
        /// The server refused or failed a query; see ``PostgresError/sqlState``.
        case serverError
        /// The query was cancelled, by us or by somebody at the server.
        case cancelled
        /// No answer in time.
        case timedOut
        /// The server sent what the protocol doesn't allow here.
        case protocolViolation
        /// A column is missing, NULL, or does not hold what was asked for.
        case unexpectedValue
        /// No connection became free in time.
        case poolTimedOut
        /// Too many wait for a connection already.
        case poolQueueFull
        /// The pool is shutting down.
        case poolClosed
    }

    /// What kind of failure.
    package let kind: Kind
    /// What happened; lower case, without a full stop. The server's own words may be in its language.
    package let message: String
    /// What the operator can do.
    package let hint: String?
    /// The server's five-character code, when the failure came from the server.
    package let sqlState: String?
    /// The server's detail line.
    package let detail: String?

    /// Makes an error.
    package init(_ kind: Kind, _ message: String, sqlState: String? = nil, detail: String? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.detail = detail
        self.hint = hint
    }

    /// The kind's name.
    package var code: String {
        kind.rawValue
    }

    /// Whether trying again later, with nothing changed by the operator, may work.
    package var isTransient: Bool {
        switch kind {
        case .connectionRefused, .connectTimedOut, .connectionFailed, .tooManyConnections, .serverNotReady,
            .connectionLost, .timedOut, .poolTimedOut, .poolQueueFull:
            true
        default:
            false
        }
    }
}
