/// Cuts a stream of bytes into messages at their final NULs. A value type without I/O.
///
/// Each byte is looked at once, however the stream is split, and at most one message over the limit is kept.
package struct MessageBuffer: Sendable {
    private var bytes: [UInt8] = []
    /// Where the first message not yet handed out begins.
    private var start = 0
    /// Everything before it is known to hold no NUL.
    private var scanned = 0
    private let limit: Int

    /// - Parameter limit: the longest message, in bytes without its NUL.
    package init(limit: Int = VarlinkLimits.maximumMessageBytes) { self.limit = limit }

    /// How many bytes wait for the rest of their message or to be taken.
    package var count: Int { bytes.count - start }

    /// Adds what was read.
    package mutating func append(_ new: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            scanned -= start
            start = 0
        }
        bytes.append(contentsOf: new)
    }

    /// The next whole message without its NUL, or `nil` until more bytes come.
    ///
    /// - Throws: when the message is longer than the limit; the stream is of no further use then.
    package mutating func next() throws(VarlinkProtocolError) -> [UInt8]? {
        guard let end = bytes[scanned...].firstIndex(of: 0) else {
            scanned = bytes.count
            guard count <= limit else { throw tooLong }
            return nil
        }
        guard end - start <= limit else { throw tooLong }
        defer {
            start = end + 1
            scanned = start
        }
        return Array(bytes[start..<end])
    }

    private var tooLong: VarlinkProtocolError {
        VarlinkProtocolError(message: "a message longer than \(limit) bytes")
    }
}
