/// Why an exchange with a server came to nothing. No text of it holds a secret or a URL.
package struct TransferError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is; who asked knows what to do about it.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// The one who asked gave up.
        case cancelled
        /// No name server knows the host, or none answers.
        case nameNotFound
        /// Nobody listens there, or there is no way to it.
        case notReachable
        /// It took too long.
        case timedOut
        /// The server closed the connection before it answered.
        case closed
        /// The certificate comes from an authority that is not trusted here.
        case certificateNotTrusted
        /// The certificate is for another host.
        case certificateForAnotherHost
        /// The certificate has expired, or is not valid yet.
        case certificateOutOfDate
        /// The certificate is bad in another way.
        case certificateBad
        /// The server does not speak TLS there, or none that we accept.
        case noTLS
        /// The mail server does not offer STARTTLS.
        case noSTARTTLS
        /// The mail server knows none of the ways to log in that we know.
        case noLoginMethod
        /// The file of certificate authorities can't be used.
        case authoritiesFile
        /// What the server answered is none of the protocol.
        case notUnderstood
        /// Anything else.
        case other
    }

    package let kind: Kind
    /// What happened: lower case, no full stop.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    /// Whether trying again helps without anybody changing something.
    package var isPassing: Bool {
        switch kind {
        case .cancelled, .nameNotFound, .notReachable, .timedOut, .closed, .notUnderstood, .other: true
        case .certificateNotTrusted, .certificateForAnotherHost, .certificateOutOfDate, .certificateBad, .noTLS,
            .noSTARTTLS, .noLoginMethod, .authoritiesFile:
            false
        }
    }
}
