@testable import Repository

extension FrameDecoder {
    /// The chunk of a frame, as an array.
    func chunk(_ frame: [UInt8], codec: Codec, count: Int) throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        try frame.withUnsafeBytes { frame in
            try chunk.withUnsafeMutableBytes { try decode(frame, codec: codec, into: $0) }
        }
        return chunk
    }

    /// The chunk of a delta, as an array.
    func chunk(_ frame: [UInt8], base: [UInt8], count: Int) throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        try frame.withUnsafeBytes { frame in
            try base.withUnsafeBytes { base in
                try chunk.withUnsafeMutableBytes { try decodeDelta(frame, base: base, into: $0) }
            }
        }
        return chunk
    }
}

extension FrameEncoder {
    /// The frame of a chunk, as an array.
    func frame(_ chunk: [UInt8]) throws -> [UInt8] {
        let frame = FrameBuffer()
        try chunk.withUnsafeBytes { try encode($0, into: frame) }
        return frame.array
    }

    /// The frame of a delta, as an array.
    func frame(_ chunk: [UInt8], base: [UInt8]) throws -> [UInt8] {
        let frame = FrameBuffer()
        try chunk.withUnsafeBytes { chunk in
            try base.withUnsafeBytes { try encodeDelta(chunk, base: $0, into: frame) }
        }
        return frame.array
    }
}
