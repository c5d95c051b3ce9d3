internal import CZstd

/// A zstd decompression context.
final class ZstdDecompressor {
    // ZSTD_createDCtx; freed in deinit, used by one thread at a time as the class is not Sendable.
    private let context: OpaquePointer

    init() throws {
        guard let context = ZSTD_createDCtx() else { throw RepositoryError.outOfMemory("zstd") }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Decompresses exactly one frame to exactly `chunk.count` bytes.
    func decompress(
        _ frame: UnsafeRawBufferPointer,
        prefix: UnsafeRawBufferPointer? = nil,
        into chunk: UnsafeMutableRawBufferPointer
    ) throws {
        // After a failure the context may hold half a frame or an unused prefix.
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        guard frame.count >= 9, frame.number32(at: 0) == ZSTD_MAGICNUMBER else {
            throw RepositoryError.damagedFrame("not a zstd frame")
        }
        guard frame[4] & 0b100 != 0 else { throw RepositoryError.damagedFrame("no checksum") }
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard size == UInt64(chunk.count) else { throw RepositoryError.damagedFrame("another content size") }
        guard ZSTD_findFrameCompressedSize(frame.baseAddress, frame.count) == frame.count else {
            throw RepositoryError.damagedFrame("another length")
        }
        if let prefix {
            try check(ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count))
        }
        let written = try check(
            ZSTD_decompressDCtx(context, chunk.baseAddress, chunk.count, frame.baseAddress, frame.count)
        )
        guard written == chunk.count else { throw RepositoryError.damagedFrame("another content size") }
    }

    @discardableResult
    private func check(_ result: Int) throws -> Int {
        guard ZSTD_isError(result) == 0 else {
            throw RepositoryError.damagedFrame(String(cString: ZSTD_getErrorName(result)).lowercased())
        }
        return result
    }
}
