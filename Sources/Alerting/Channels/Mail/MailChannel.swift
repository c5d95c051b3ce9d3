package import Transfer

/// Sends messages to a mailbox over a mail server.
package struct MailChannel: AlertChannel {
    /// The way to a mail server, and whom mail comes from.
    package struct Route: Sendable {
        /// Host name or address, an IPv6 address without brackets.
        package var host: String
        /// 1 to 65535.
        package var port: Int
        package var security: MailSubmission.Security
        /// `nil` logs nobody in.
        package var login: MailSubmission.Login?
        /// The name that readers see; `nil` makes it `recyclicd` and the instance.
        package var senderName: String?
        /// The bare address that readers see, and that reports of non-delivery go to.
        package var senderAddress: String

        package init(
            host: String,
            port: Int,
            security: MailSubmission.Security,
            login: MailSubmission.Login? = nil,
            senderName: String? = nil,
            senderAddress: String
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.login = login
            self.senderName = senderName
            self.senderAddress = senderAddress
        }
    }

    package let kind = "email"
    /// The address.
    package let recipient: String
    private let route: Route
    private let transfer: Transfer

    /// - Parameters:
    ///   - recipient: A bare address. Each has a channel of its own, so that one that is refused does not stop the others.
    ///   - route: Over which server.
    ///   - transfer: How to get there.
    package init(recipient: String, route: Route, transfer: Transfer) {
        self.recipient = recipient
        self.route = route
        self.transfer = transfer
    }

    package func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
        let text = MailText(
            message,
            senderName: route.senderName ?? "recyclicd \(message.instance)",
            senderAddress: route.senderAddress,
            recipient: recipient
        )
        let mail = MailSubmission(
            host: route.host,
            port: route.port,
            security: route.security,
            login: route.login,
            sender: route.senderAddress,
            recipient: recipient,
            content: text.bytes
        )
        do throws(TransferError) {
            return outcome(of: try await transfer.submit(mail), server: mail.peer)
        } catch {
            return DeliveryOutcome(error, .mail)
        }
    }

    private func outcome(of reply: MailReply, server: String) -> DeliveryOutcome {
        if reply.isTaken { return .delivered }
        let words = "\(reply.code) \(reply.text)"
        let message =
            switch reply.step {
            case .login: "the mail server \"\(server)\" refuses the login: \(words)"
            case .sender: "the mail server \"\(server)\" refuses the sender \"\(route.senderAddress)\": \(words)"
            case .recipient: "the mail server \"\(server)\" refuses the recipient \"\(recipient)\": \(words)"
            case .message: "the mail server \"\(server)\" refuses the message: \(words)"
            }
        if reply.code < 500 { return .failed(DeliveryFailure(message)) }
        return .refused(DeliveryFailure(message, hint: hint(for: reply)))
    }

    private func hint(for reply: MailReply) -> String {
        if reply.code == 530 {
            return route.login == nil
                ? "The server wants a login: write it in NOTIFICATION_SMTP_URL, smtp://USER:PASSWORD@HOST:587."
                : "The server wants another kind of encryption first: try smtps:// or smtp:// in NOTIFICATION_SMTP_URL."
        }
        switch reply.step {
        case .login:
            return
                "Check the user in NOTIFICATION_SMTP_URL and the password there or in NOTIFICATION_SMTP_PASSWORD; some "
                + "providers want a password made for programs."
        case .sender:
            return "Set NOTIFICATION_EMAIL_FROM to an address that this login may send from."
        case .recipient:
            return route.login == nil
                ? "Check the address in NOTIFICATION_EMAIL or NOTIFICATION_ESCALATION_EMAIL, and whether the server relays for "
                    + "this machine without a login."
                : "Check the address in NOTIFICATION_EMAIL or NOTIFICATION_ESCALATION_EMAIL."
        case .message:
            return "Look at what the server says; its log knows more."
        }
    }
}
