internal import CZlib

/// A zlib compression stream that makes gzip members.
final class GzipCompressor {
    // deflateInit2; ended in deinit. zlib keeps a pointer back to the stream, so it stays where it was allocated.
    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int) throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let format = Int32(MAX_WBITS + 16)  // 16 asks for a gzip header and trailer (zlib.h, deflateInit2)
        let size = Int32(MemoryLayout<z_stream>.size)
        let code = deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            format,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        guard code == Z_OK else {
            stream.deallocate()
            throw RepositoryError.outOfMemory("zlib")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a chunk to one gzip member.
    func compress(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) throws {
        deflateReset(stream)
        let bound = Int(deflateBound(stream, UInt(chunk.count)))
        try frame.fill(capacity: bound) { target in
            // zlib takes its input as a pointer to mutable bytes, and never writes to it.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
            stream.pointee.avail_in = UInt32(chunk.count)
            stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(target.count)
            let code = deflate(stream, Z_FINISH)
            guard code == Z_STREAM_END else {
                throw RepositoryError(.inputOutput, "zlib can't compress: error \(code)")
            }
            return target.count - Int(stream.pointee.avail_out)
        }
    }
}
