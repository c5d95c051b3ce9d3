import NIOCore
import Varlink

/// Cuts what a client sends into messages at their final NULs, each byte looked at once.
struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    private let limit: Int
    /// How many of the readable bytes are known to hold no NUL.
    private var scanned = 0

    /// - Parameter limit: the longest message, in bytes without its NUL.
    init(limit: Int) { self.limit = limit }

    mutating func decode(buffer: inout ByteBuffer) throws -> [UInt8]? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(scanned).firstIndex(of: 0) else {
            scanned = view.count
            guard scanned <= limit else { throw tooLong }
            return nil
        }
        let length = end - view.startIndex
        guard length <= limit else { throw tooLong }
        scanned = 0
        let message = buffer.readBytes(length: length)
        buffer.moveReaderIndex(forwardBy: 1)
        return message
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> [UInt8]? {
        try decode(buffer: &buffer)
    }

    private var tooLong: VarlinkProtocolError {
        VarlinkProtocolError(message: "a message longer than \(limit) bytes")
    }
}
