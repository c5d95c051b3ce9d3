internal import CZstd

/// A zstd compression context. All frames carry content size and checksum.
final class ZstdCompressor {
    // ZSTD_createCCtx; freed in deinit, used by one thread at a time as the class is not Sendable.
    private let context: OpaquePointer
    private let level: Int

    /// Deltas are made at this level at most: on changed table pages, higher ones take four times the time and memory for
    /// a few per cent, and long-distance matching, which looks for what the prefix's tables find already, gains nothing.
    private static let highestDeltaLevel = 3

    init(level: Int) throws {
        self.level = level
        guard let context = ZSTD_createCCtx() else { throw RepositoryError.outOfMemory("zstd") }
        self.context = context
        try set(ZSTD_c_contentSizeFlag, to: 1)
        try set(ZSTD_c_checksumFlag, to: 1)
        try set(ZSTD_c_enableLongDistanceMatching, to: 0)
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// How much memory the context holds, in bytes.
    var contextBytes: Int {
        ZSTD_sizeof_CCtx(context)
    }

    /// Compresses a chunk by itself. The whole chunk is given at once, so zstd sizes its tables after the chunk, not
    /// after the level's usual window: a worker's context stays small.
    func compress(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) throws {
        try set(ZSTD_c_compressionLevel, to: level)
        try set(ZSTD_c_windowLog, to: 0)
        try run(chunk, into: frame)
    }

    /// Compresses a chunk with `prefix` before it. The window covers both, so that every byte of the prefix can be
    /// referred to from every byte of the chunk.
    func compress(
        _ chunk: UnsafeRawBufferPointer,
        prefix: UnsafeRawBufferPointer,
        into frame: FrameBuffer
    ) throws {
        try set(ZSTD_c_compressionLevel, to: min(level, ZstdCompressor.highestDeltaLevel))
        let reach = max(chunk.count + prefix.count, 1024)
        try set(ZSTD_c_windowLog, to: Int.bitWidth - (reach - 1).leadingZeroBitCount)
        // The prefix counts for the next frame only, and is taken as bytes whatever it begins with.
        try check(ZSTD_CCtx_refPrefix(context, prefix.baseAddress, prefix.count))
        try run(chunk, into: frame)
    }

    private func run(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) throws {
        let bound = ZSTD_compressBound(chunk.count)
        try frame.fill(capacity: bound) { target in
            try check(ZSTD_compress2(context, target.baseAddress, target.count, chunk.baseAddress, chunk.count))
        }
    }

    private func set(_ parameter: ZSTD_cParameter, to value: Int) throws {
        try check(ZSTD_CCtx_setParameter(context, parameter, Int32(value)))
    }

    @discardableResult
    private func check(_ result: Int) throws -> Int {
        guard ZSTD_isError(result) == 0 else {
            let reason = String(cString: ZSTD_getErrorName(result))
            throw RepositoryError(.inputOutput, "zstd can't compress: \(reason.lowercased())")
        }
        return result
    }
}
