import Blocking
import CCurl

/// One message to a mail server. Blocks its thread.
struct MailExchange {
    private let mail: MailSubmission
    private let transfer: Transfer
    private let flag: CancellationFlag

    init(_ mail: MailSubmission, _ transfer: Transfer, _ flag: CancellationFlag) {
        precondition(
            !"\(mail.sender)\(mail.recipient)".utf8.contains { $0 <= 0x20 || $0 == 0x7F },
            "an address with a line end would be two commands"
        )
        self.mail = mail
        self.transfer = transfer
        self.flag = flag
    }

    func run() throws(TransferError) -> MailReply {
        guard let handle = CurlHandle() else { throw TransferError(.other, "libcurl can't be started") }
        handle.prepare(protocols: "smtp,smtps", transfer)
        let scheme = mail.security == .implicitTLS ? "smtps" : "smtp"
        handle.set(CURLOPT_URL, "\(scheme)://\(mail.peer)")
        switch mail.security {
        case .implicitTLS, .startTLS: handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        case .startTLSIfOffered: handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_TRY.rawValue))
        case .none: handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        }
        if let login = mail.login {
            handle.set(CURLOPT_USERNAME, login.user)
            handle.set(CURLOPT_PASSWORD, login.password)
            // What servers offer besides fails more often than it helps: libcurl would try Kerberos first where the user's
            // name holds an "@". Without TLS the one that does not send the password is tried first.
            let isReadable = mail.security == .none || mail.security == .startTLSIfOffered
            handle.set(CURLOPT_LOGIN_OPTIONS, (isReadable ? "AUTH=CRAM-MD5;" : "") + "AUTH=PLAIN;AUTH=LOGIN")
        }
        handle.set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        let recipients = CurlList(["<\(mail.recipient)>"])
        handle.set(CURLOPT_MAIL_RCPT, recipients.head)
        handle.set(CURLOPT_UPLOAD, 1)
        handle.set(CURLOPT_INFILESIZE, mail.content.count)
        let exchange = Exchange(upload: mail.content, limits: transfer.limits, flag: flag)
        exchange.attach(to: handle)
        let code = withExtendedLifetime(exchange) { curl_easy_perform(handle.pointer) }
        if code == CURLE_OK {
            return MailReply(code: exchange.replies.last?.code ?? 250, step: .message, text: text(of: exchange))
        }
        if let last = exchange.replies.last, last.code >= 400, code != CURLE_ABORTED_BY_CALLBACK,
            code != CURLE_USE_SSL_FAILED
        {
            return MailReply(code: last.code, step: step(code, handle.failureText), text: text(of: exchange))
        }
        throw TransferError(code, of: handle, peer: mail.peer, isCancelled: exchange.isCancelled, transfer)
    }

    private func step(_ code: CURLcode, _ failure: String) -> MailReply.Step {
        if code == CURLE_LOGIN_DENIED { return .login }
        if failure.hasPrefix("MAIL failed") { return .sender }
        if failure.hasPrefix("RCPT failed") { return .recipient }
        return .message
    }

    private func text(of exchange: Exchange) -> String {
        let secrets = mail.login.map { [$0.password, "\u{0}\($0.user)\u{0}\($0.password)"] } ?? []
        return exchange.replies.last?.text(hiding: Redaction(secrets)) ?? ""
    }
}
