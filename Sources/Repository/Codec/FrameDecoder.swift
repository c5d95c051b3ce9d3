/// Gives the chunks of frames. It keeps its decompressor's memory between calls, so have one per thread; not Sendable.
///
/// Whatever the frame holds, nothing is written outside the chunk's buffer, and a frame that is not exactly what it
/// should be (its length, its chunk's length, its checksum) is an error. It does not know the chunk's id: compare that.
package final class FrameDecoder {
    private let zstd: ZstdDecompressor
    private var gzip: GzipDecompressor?

    package init() throws {
        zstd = try ZstdDecompressor()
    }

    /// Decodes a whole frame.
    ///
    /// - Parameters:
    ///   - frame: The frame, from its first to its last byte.
    ///   - codec: Its codec.
    ///   - chunk: Gets the chunk; exactly as long as the chunk is.
    /// - Throws: ``RepositoryError`` `damaged`; the buffer's contents are then undefined.
    package func decode(
        _ frame: UnsafeRawBufferPointer,
        codec: Codec,
        into chunk: UnsafeMutableRawBufferPointer
    ) throws {
        switch codec {
        case .none, .zstd: try zstd.decompress(frame, into: chunk)
        case .gzip: try gzipDecompressor().decompress(frame, into: chunk)
        }
    }

    /// Decodes a delta.
    ///
    /// - Parameters:
    ///   - frame: The frame, from its first to its last byte.
    ///   - base: The bytes the frame was made against.
    ///   - chunk: Gets the chunk; exactly as long as the chunk is. It must not overlap `base`.
    /// - Throws: ``RepositoryError`` `damaged`; the buffer's contents are then undefined.
    package func decodeDelta(
        _ frame: UnsafeRawBufferPointer,
        base: UnsafeRawBufferPointer,
        into chunk: UnsafeMutableRawBufferPointer
    ) throws {
        try zstd.decompress(frame, prefix: base, into: chunk)
    }

    private func gzipDecompressor() throws -> GzipDecompressor {
        if let gzip { return gzip }
        let made = try GzipDecompressor()
        gzip = made
        return made
    }
}
