/// What a web server answered.
package struct HTTPAnswer: Sendable, Hashable {
    /// 100 to 599.
    package var status: Int
    /// What `Retry-After` asks for, in seconds; `nil` when it was not there.
    package var retryAfterSeconds: Double?
    /// The body, or as much of it as ``TransferLimits/answerBytes`` allows.
    package var body: [UInt8]

    package init(status: Int, retryAfterSeconds: Double? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
    }
}
