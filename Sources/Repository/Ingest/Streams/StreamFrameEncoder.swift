internal import CZlib
internal import CZstd

/// Makes one frame of bytes that arrive piece by piece, without holding them: WAL segments have up to 1 GiB.
///
/// The frame is of the same kind that ``FrameEncoder`` makes of a chunk: with content size and checksum. Its memory is
/// bounded by the codec's window (2 MiB at zstd's level 3). For one thread at a time; not Sendable.
package final class StreamFrameEncoder {
    private enum State {
        // ZSTD_createCCtx; freed in deinit.
        case zstd(OpaquePointer)
        // deflateInit2; ended in deinit. zlib keeps a pointer back to the stream, so it stays where it was allocated.
        case gzip(UnsafeMutablePointer<z_stream>)
        case raw(XXH64Stream)
    }

    private var state: State
    private var left: Int64
    private let rawBytes: Int64
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)

    /// - Parameters:
    ///   - codec: The frame's codec.
    ///   - level: One of the codec's levels; `nil` takes its default.
    ///   - rawBytes: How many bytes will come: a zstd frame tells it at its beginning.
    /// - Throws: ``RepositoryError`` when there is no memory for the codec.
    package init(codec: Codec, level: Int? = nil, rawBytes: Int64) throws {
        let level = level ?? codec.defaultLevel
        left = rawBytes
        self.rawBytes = rawBytes
        switch codec {
        case .zstd: state = .zstd(try Self.zstdContext(level: level, rawBytes: rawBytes))
        case .gzip: state = .gzip(try Self.gzipStream(level: level))
        case .none: state = .raw(XXH64Stream())
        }
    }

    deinit {
        switch state {
        case .zstd(let context): ZSTD_freeCCtx(context)
        case .gzip(let stream):
            deflateEnd(stream)
            stream.deallocate()
        case .raw: break
        }
        output.deallocate()
    }

    /// Takes the next bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes; together with the others at most as many as were announced.
    ///   - sink: Gets the frame's next bytes, which are valid during the call only.
    /// - Throws: ``RepositoryError``, or what `sink` throws.
    package func append(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        precondition(bytes.count <= left, "more bytes came than were announced")
        if case .raw = state, left == rawBytes { try rawHeader(sink) }
        left -= Int64(bytes.count)
        try run(bytes, isLast: false, sink)
    }

    /// Ends the frame. All announced bytes must have come.
    ///
    /// - Parameter sink: Gets the frame's last bytes.
    package func finish(_ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        precondition(left == 0, "\(left) announced bytes did not come")
        if case .raw = state, rawBytes == 0 { try rawHeader(sink) }
        try run(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, sink)
    }

    private func run(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        switch state {
        case .zstd(let context): try runZstd(context, bytes, isLast: isLast, sink)
        case .gzip(let stream): try runGzip(stream, bytes, isLast: isLast, sink)
        case .raw(var sum):
            sum.update(bytes)
            state = .raw(sum)
            try rawBlocks(bytes, sink)
            if isLast { try rawEnd(sum.value, sink) }
        }
    }

    private func emit(_ count: Int, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<count])) }
    }

    // MARK: - zstd

    private static func zstdContext(level: Int, rawBytes: Int64) throws -> OpaquePointer {
        guard let context = ZSTD_createCCtx() else { throw RepositoryError.outOfMemory("zstd") }
        for (parameter, value) in [(ZSTD_c_compressionLevel, level), (ZSTD_c_checksumFlag, 1)] {
            try check(ZSTD_CCtx_setParameter(context, parameter, Int32(value)))
        }
        try check(ZSTD_CCtx_setPledgedSrcSize(context, UInt64(rawBytes)))
        return context
    }

    private func runZstd(
        _ context: OpaquePointer,
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let rest = try Self.check(
                ZSTD_compressStream2(context, &target, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
            )
            try emit(target.pos, sink)
            if isLast ? rest == 0 : input.pos == input.size { return }
        }
    }

    @discardableResult
    private static func check(_ result: Int) throws -> Int {
        guard ZSTD_isError(result) == 0 else {
            let reason = String(cString: ZSTD_getErrorName(result))
            throw RepositoryError(.inputOutput, "zstd can't compress: \(reason.lowercased())")
        }
        return result
    }

    // MARK: - gzip

    private static func gzipStream(level: Int) throws -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let format = Int32(MAX_WBITS + 16)  // 16 asks for a gzip header and trailer (zlib.h, deflateInit2)
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(stream, Int32(level), Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else {
            stream.deallocate()
            throw RepositoryError.outOfMemory("zlib")
        }
        return stream
    }

    private func runGzip(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        // zlib takes its input as a pointer to mutable bytes, and never writes to it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
        while true {
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            let code = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            // Z_BUF_ERROR only says that there was nothing to do.
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                throw RepositoryError(.inputOutput, "zlib can't compress: error \(code)")
            }
            try emit(output.count - Int(stream.pointee.avail_out), sink)
            if isLast ? code == Z_STREAM_END : stream.pointee.avail_out > 0 { return }
        }
    }

    // MARK: - none: a zstd frame of raw blocks (RFC 8878, section 3.1.1)

    private func rawHeader(_ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        // Magic; content size in eight bytes, checksum; a window of 128 KiB, the largest block. Not a single segment:
        // then the window would be the content, and decoders refuse large ones.
        var header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0b1100_0100, 7 << 3]
        withUnsafeBytes(of: UInt64(rawBytes).littleEndian) { header.append(contentsOf: $0) }
        try header.withUnsafeBytes(sink)
    }

    private func rawBlocks(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(128 << 10)
            let header = UInt32(block.count) << 3  // not the last, type 0: raw
            try withUnsafeBytes(of: header.littleEndian) { try sink(UnsafeRawBufferPointer(rebasing: $0.prefix(3))) }
            try sink(UnsafeRawBufferPointer(rebasing: block))
            rest = rest.dropFirst(block.count)
        }
    }

    private func rawEnd(_ sum: UInt64, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        // An empty last block, for only now it is known that nothing follows; then the sum's low 32 bits.
        var end: [UInt8] = [1, 0, 0]
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: sum).littleEndian) { end.append(contentsOf: $0) }
        try end.withUnsafeBytes(sink)
    }
}
