/// A message for one mailbox, and the mail server that takes it over.
package struct MailSubmission: Sendable {
    /// How the connection is encrypted.
    package enum Security: Sendable, Hashable {
        /// TLS from the first byte on.
        case implicitTLS
        /// STARTTLS, or nothing is sent.
        case startTLS
        /// STARTTLS where the server offers it.
        case startTLSIfOffered
        /// Not at all.
        case none
    }

    /// Who logs in.
    package struct Login: Sendable, Hashable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Host name or address, an IPv6 address without brackets.
    package var host: String
    /// 1 to 65535.
    package var port: Int
    package var security: Security
    /// `nil` logs nobody in.
    package var login: Login?
    /// Whom a report of non-delivery goes to: a bare address.
    package var sender: String
    /// A bare address.
    package var recipient: String
    /// Headers and body, with CR LF as line ends.
    package var content: [UInt8]

    package init(
        host: String,
        port: Int,
        security: Security,
        login: Login?,
        sender: String,
        recipient: String,
        content: [UInt8]
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.sender = sender
        self.recipient = recipient
        self.content = content
    }

    /// What errors call the server.
    package var peer: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
