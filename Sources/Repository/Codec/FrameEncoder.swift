/// Makes frames of chunks. It keeps its compressor's memory between calls, so have one per thread; it is not Sendable.
package final class FrameEncoder {
    /// The codec of the frames.
    package let codec: Codec
    private let zstd: ZstdCompressor
    private let gzip: GzipCompressor?

    /// - Parameters:
    ///   - codec: The codec of the frames; deltas are zstd frames whatever it is.
    ///   - level: One of the codec's ``Codec/levels``; nil takes its default.
    /// - Throws: ``RepositoryError`` `invalidArgument` for another level.
    package init(codec: Codec, level: Int? = nil) throws {
        let level = level ?? codec.defaultLevel
        guard codec.levels.contains(level) else {
            throw RepositoryError(
                .invalidArgument,
                "\(codec.rawValue) has no compression level \(level)",
                hint: "Choose a level from \(codec.levels.lowerBound) to \(codec.levels.upperBound)."
            )
        }
        self.codec = codec
        zstd = try ZstdCompressor(level: codec == .zstd ? level : Codec.zstd.defaultLevel)
        gzip = codec == .gzip ? try GzipCompressor(level: level) : nil
    }

    /// Makes the frame of one chunk.
    ///
    /// - Parameters:
    ///   - chunk: At most ``FrameLimits/chunkBytes`` bytes.
    ///   - frame: Gets the frame; what it held is lost.
    package func encode(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) throws {
        try checkLength(chunk)
        switch codec {
        case .none: RawFrame.encode(chunk, into: frame)
        case .zstd: try zstd.compress(chunk, into: frame)
        case .gzip: try encodeGzip(chunk, into: frame)
        }
    }

    /// Makes the frame of a chunk as its difference from `base`, as `zstd --patch-from` does.
    ///
    /// - Parameters:
    ///   - chunk: At most ``FrameLimits/chunkBytes`` bytes.
    ///   - base: An earlier version of the same range; the decoder needs exactly these bytes.
    ///   - frame: Gets the frame; what it held is lost.
    package func encodeDelta(
        _ chunk: UnsafeRawBufferPointer,
        base: UnsafeRawBufferPointer,
        into frame: FrameBuffer
    ) throws {
        try checkLength(chunk)
        try checkLength(base)
        try zstd.compress(chunk, prefix: base, into: frame)
    }

    /// How much memory the zstd compressor holds now, in bytes.
    package var contextBytes: Int {
        zstd.contextBytes
    }

    private func encodeGzip(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) throws {
        guard let gzip else { preconditionFailure("the codec is gzip, so its compressor was made") }
        try gzip.compress(chunk, into: frame)
    }

    private func checkLength(_ chunk: UnsafeRawBufferPointer) throws {
        guard chunk.count <= FrameLimits.chunkBytes else {
            throw RepositoryError(.invalidArgument, "a chunk of \(chunk.count) bytes is too long")
        }
    }
}
