internal import CZlib
internal import CZstd

/// Decompresses an object that is one frame, piece by piece: a WAL segment may have a gigabyte.
///
/// The codec is known from the first bytes. Not Sendable; one object each.
final class ObjectDecompressor {
    private enum Stream {
        case undecided
        case zstd(OpaquePointer)
        case gzip(UnsafeMutablePointer<z_stream>)
    }

    private var stream = Stream.undecided
    private var isComplete = false
    private let output: UnsafeMutableRawBufferPointer

    init() {
        output = .allocate(byteCount: 256 << 10, alignment: 16)
    }

    deinit {
        output.deallocate()
        switch stream {
        case .undecided: break
        case .zstd(let context): ZSTD_freeDStream(context)
        case .gzip(let state):
            inflateEnd(state)
            state.deallocate()
        }
    }

    /// Takes the next piece of the object and hands on what it decodes to.
    ///
    /// - Parameters:
    ///   - input: The piece; the first one has at least four bytes.
    ///   - body: Gets decoded bytes, valid during the call.
    /// - Throws: ``RepositoryError`` `damaged`; what `body` throws.
    func decompress(_ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if case .undecided = stream { try decide(input) }
        guard !isComplete || input.isEmpty else { throw Self.damaged("something follows its frame") }
        switch stream {
        case .undecided: return
        case .zstd(let context): try decompressZstd(context, input, body)
        case .gzip(let state): try decompressGzip(state, input, body)
        }
    }

    /// Checks that the frame was there to its end.
    func finish() throws {
        guard isComplete else { throw Self.damaged("it ends within its frame") }
    }

    private func decide(_ input: UnsafeRawBufferPointer) throws {
        guard input.count >= 4 else { throw Self.damaged("it is too short") }
        if input.loadUnaligned(as: UInt32.self).littleEndian == ZSTD_MAGICNUMBER {
            guard let context = ZSTD_createDStream() else { throw RepositoryError.outOfMemory("zstd") }
            stream = .zstd(context)
        } else if input[0] == 0x1f, input[1] == 0x8b {
            let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            state.initialize(to: z_stream())
            let format = Int32(MAX_WBITS + 16)  // 16: gzip only (zlib.h, inflateInit2)
            guard inflateInit2_(state, format, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                state.deallocate()
                throw RepositoryError.outOfMemory("zlib")
            }
            stream = .gzip(state)
        } else {
            throw Self.damaged("it is neither zstd nor gzip")
        }
    }

    private func decompressZstd(
        _ context: OpaquePointer,
        _ input: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let result = ZSTD_decompressStream(context, &target, &source)
            guard ZSTD_isError(result) == 0 else {
                throw Self.damaged(String(cString: ZSTD_getErrorName(result)).lowercased())
            }
            if target.pos > 0 { try body(UnsafeRawBufferPointer(rebasing: output[..<target.pos])) }
            if result == 0 {
                isComplete = true
                guard source.pos == source.size else { throw Self.damaged("something follows its frame") }
                return
            }
            // A full output buffer may mean that more is ready inside the decompressor.
            if source.pos == source.size && target.pos < target.size { return }
        }
    }

    private func decompressGzip(
        _ state: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        // zlib takes its input as a pointer to mutable bytes and never writes to it.
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = UInt32(input.count)
        while true {
            state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(output.count)
            let code = inflate(state, Z_NO_FLUSH)
            let count = output.count - Int(state.pointee.avail_out)
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: output[..<count])) }
            switch code {
            case Z_STREAM_END:
                isComplete = true
                guard state.pointee.avail_in == 0 else { throw Self.damaged("something follows its frame") }
                return
            case Z_OK, Z_BUF_ERROR:
                if state.pointee.avail_in == 0 && count < output.count { return }
            default:
                throw Self.damaged("gzip error \(code)")
            }
        }
    }

    private static func damaged(_ why: String) -> RepositoryError {
        RepositoryError(.damaged, why)
    }
}
