import Blocking
import CCurl
import Glibc

/// Exchanges with web and mail servers over libcurl, one at a time, each on a thread of its own.
///
/// Certificates are always verified. Redirects are not followed, proxies and `.netrc` files not looked for, whatever the
/// environment says. No connection is kept.
package struct Transfer: Sendable {
    /// How long it may take.
    package var limits: TransferLimits
    /// File of further certificate authorities, in PEM, beside the system's.
    package var authoritiesFile: String?

    package init(limits: TransferLimits = TransferLimits(), authoritiesFile: String? = nil) {
        self.limits = limits
        self.authoritiesFile = authoritiesFile
    }

    /// Posts to a web server and reads its answer, whatever its status.
    ///
    /// - Throws: ``TransferError`` when there is no answer, within a second when the task is cancelled.
    package func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPAnswer {
        try await onOwnThread { flag in
            Result { () throws(TransferError) in try HTTPExchange(request, self, flag).run() }
        }
    }

    /// Hands a message to a mail server and reads what it says.
    ///
    /// - Throws: ``TransferError`` when it does not come to that, within a second when the task is cancelled.
    package func submit(_ mail: MailSubmission) async throws(TransferError) -> MailReply {
        try await onOwnThread { flag in
            Result { () throws(TransferError) in try MailExchange(mail, self, flag).run() }
        }
    }

    private func onOwnThread<Value: Sendable>(
        _ body: @escaping @Sendable (CancellationFlag) -> Result<Value, TransferError>
    ) async throws(TransferError) -> Value {
        let flag = CancellationFlag()
        let result: Result<Value, TransferError>
        do {
            result = try await onThread("deliver", cancelling: flag) {
                Self.blockBrokenPipeSignal()
                return body(flag)
            }
        } catch {
            preconditionFailure("a body that returns its failures does not throw: \(error)")
        }
        return try result.get()
    }

    /// Keeps a server that hangs up from ending the process: OpenSSL writes without `MSG_NOSIGNAL`, and libcurl leaves the
    /// signal to us. What is pending goes with the thread.
    private static func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}

extension CurlHandle {
    /// What holds for every exchange.
    ///
    /// - Parameter protocols: libcurl's names, with commas between.
    func prepare(protocols: String, _ transfer: Transfer) {
        // Without it libcurl would use signals for its timers.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_FORBID_REUSE, 1)
        // A name server that does not answer holds a thread of libcurl's; it ends by itself and is not waited for.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(transfer.limits.connectSeconds))
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(transfer.limits.totalSeconds))
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(transfer.limits.totalSeconds)))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let folder = Authorities.folder {
            set(CURLOPT_CAPATH, folder)
            // Without a file of ours none, not even libcurl's default.
            setNothing(CURLOPT_CAINFO)
        }
        if let file = transfer.authoritiesFile { set(CURLOPT_CAINFO, file) }
    }

    private static func milliseconds(_ seconds: Double) -> Int { max(1, Int(seconds * 1000)) }
}
