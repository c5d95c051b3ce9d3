package import Transfer

/// Speaks to a dead-man service by the protocol of healthchecks.io: a request to the URL means good, one to `URL/fail`
/// means not, and the body is a line that the service shows.
package struct PingSender: Sendable {
    /// Scheme, host and port.
    package let recipient: String
    private let url: String
    private let transfer: Transfer

    /// - Parameters:
    ///   - url: The check's URL, which is its secret.
    ///   - peer: What everybody may see of it.
    ///   - transfer: How to get there.
    package init(url: String, peer: String, transfer: Transfer) {
        self.url = url
        recipient = peer
        self.transfer = transfer
    }

    /// Sends a signal. Returns in time, also when the service hangs, and soon after the task is cancelled.
    ///
    /// - Parameter state: The line; at most 1000 characters of it are sent.
    package func send(_ signal: DeadManPing.Signal, state: String) async -> DeliveryOutcome {
        let line = PlainText.line(state, limit: 1000)
        let request = HTTPRequest(
            post: Array(line.utf8),
            to: Self.url(url, for: signal),
            peer: recipient,
            headers: [("Content-Type", "text/plain; charset=utf-8")]
        )
        do throws(TransferError) {
            return HTTPOutcome.of(try await transfer.send(request), peer: recipient, .ping)
        } catch {
            return DeliveryOutcome(error, .ping)
        }
    }

    /// The path gets `/fail`; a query stays behind it.
    static func url(_ url: String, for signal: DeadManPing.Signal) -> String {
        guard signal == .bad else { return url }
        let path = url.prefix { $0 != "?" }
        return (path.hasSuffix("/") ? path.dropLast() : path) + "/fail" + url.dropFirst(path.count)
    }
}
