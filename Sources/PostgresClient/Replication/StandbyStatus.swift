/// What a receiver of WAL tells the server.
package struct StandbyStatus: Hashable, Sendable {
    /// The end of what it has received.
    package var written: LSN
    /// The end of what is durable: with a slot, the server may remove what lies before.
    package var flushed: LSN
    /// The end of what is applied; a receiver that applies nothing repeats `flushed` or says 0/0.
    package var applied: LSN
    /// Whether the server shall answer at once with a keepalive.
    package var wantsReply: Bool

    /// Makes a status; `applied` is 0/0.
    package init(written: LSN, flushed: LSN, applied: LSN = .zero, wantsReply: Bool = false) {
        self.written = written
        self.flushed = flushed
        self.applied = applied
        self.wantsReply = wantsReply
    }

    /// The message, 34 bytes.
    ///
    /// - Parameter now: Microseconds since 2000.
    func encoded(now: Int64) -> [UInt8] {
        var message = [UInt8(ascii: "r")]
        for number in [written.rawValue, flushed.rawValue, applied.rawValue, UInt64(bitPattern: now)] {
            withUnsafeBytes(of: number.bigEndian) { message.append(contentsOf: $0) }
        }
        message.append(wantsReply ? 1 : 0)
        return message
    }
}
