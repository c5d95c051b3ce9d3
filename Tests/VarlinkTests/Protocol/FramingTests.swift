import NIOCore
import Testing
import Varlink

@testable import VarlinkServer

struct FramingTests {
    /// Cuts a stream by the client's and by the server's code, read in the given pieces.
    private static func cut(_ pieces: [[UInt8]], limit: Int = 100) throws -> [[UInt8]] {
        var buffer = MessageBuffer(limit: limit)
        var decoder = FrameDecoder(limit: limit)
        var bytes = ByteBuffer()
        var messages: [[UInt8]] = []
        for piece in pieces {
            buffer.append(piece)
            bytes.writeBytes(piece)
            while let message = try buffer.next() {
                #expect(try decoder.decode(buffer: &bytes) == message)
                messages.append(message)
            }
            #expect(try decoder.decode(buffer: &bytes) == nil)
            #expect(bytes.readableBytes == buffer.count)
            bytes.discardReadBytes()
        }
        return messages
    }

    @Test func `Messages come out whole wherever the stream is split`() throws {
        let stream = Array("{\"a\":1}\0\0{}\0tail".utf8)
        let expected = ["{\"a\":1}", "", "{}"].map { Array($0.utf8) }
        for first in 0...stream.count {
            for second in first...stream.count {
                let pieces = [stream[..<first], stream[first..<second], stream[second...]].map(Array.init)
                #expect(try Self.cut(pieces) == expected)
            }
        }
        #expect(try Self.cut(stream.map { [$0] }) == expected)
    }

    @Test(arguments: 0..<20)
    func `Random streams in random pieces are cut at every NUL`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let stream = (0..<300).map { _ in UInt8.random(in: 0..<12, using: &generator) }
        var pieces: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...20, using: &generator)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        let expected = stream.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
        #expect(try Self.cut(pieces, limit: 300) == expected)
    }

    @Test(arguments: [false, true])
    func `A message over the limit is refused, finished or not`(isFinished: Bool) throws {
        let fitting = [UInt8](repeating: 0x61, count: 10) + [0]
        #expect(try Self.cut([fitting], limit: 10).count == 1)
        var bytes = [UInt8](repeating: 0x61, count: 11)
        if isFinished { bytes.append(0) }
        #expect(throws: VarlinkProtocolError(message: "a message longer than 10 bytes")) {
            var buffer = MessageBuffer(limit: 10)
            buffer.append(bytes)
            _ = try buffer.next()
        }
        #expect(throws: VarlinkProtocolError(message: "a message longer than 10 bytes")) {
            var decoder = FrameDecoder(limit: 10)
            var buffer = ByteBuffer(bytes: bytes)
            _ = try decoder.decode(buffer: &buffer)
        }
    }
}
