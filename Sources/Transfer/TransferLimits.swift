/// How long one exchange with a server may take, and how much of its answer is kept.
package struct TransferLimits: Sendable, Hashable {
    /// How long finding the server and connecting may take, in seconds.
    package var connectSeconds: Double
    /// How long all of it may take, in seconds.
    package var totalSeconds: Double
    /// How much of an answer is kept; what comes after is not read. Headers get as much again.
    package var answerBytes: Int

    package init(connectSeconds: Double = 10, totalSeconds: Double = 25, answerBytes: Int = 64 << 10) {
        self.connectSeconds = connectSeconds
        self.totalSeconds = totalSeconds
        self.answerBytes = answerBytes
    }
}
