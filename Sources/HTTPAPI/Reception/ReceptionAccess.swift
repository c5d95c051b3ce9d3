package import FoundationEssentials

/// One request for the figures and how it ended: what the log is told. There is no token in it.
package struct ReceptionAccess: Sendable, Hashable {
    /// How a request ended.
    package enum Outcome: Sendable, Hashable, CustomStringConvertible {
        /// Figures were given.
        case answered
        /// The statistics are switched off, and zeros were given.
        case switchedOff
        /// There is no token, or it is not accepted, or its user is not known.
        case unauthorized(String)
        /// The user's role does not suffice.
        case forbidden
        /// The client asks too often.
        case limited
        /// The method is another than GET and HEAD.
        case wrongMethod
        /// The request makes no sense.
        case invalid
        /// There are no figures now; with the error's code.
        case unavailable(String)

        /// One word, and after a colon the reason.
        package var description: String {
            switch self {
            case .answered: "answered"
            case .switchedOff: "switchedOff"
            case .unauthorized(let reason): "unauthorized:\(reason)"
            case .forbidden: "forbidden"
            case .limited: "limited"
            case .wrongMethod: "wrongMethod"
            case .invalid: "invalid"
            case .unavailable(let code): "unavailable:\(code)"
            }
        }
    }

    /// Who asked, over which way.
    package var peer: HTTPPeer
    /// The user that the token is for, when its signature was good.
    package var user: UUID?
    /// The status code of the answer.
    package var status: Int
    /// How long it took.
    package var seconds: Double
    package var outcome: Outcome
}
