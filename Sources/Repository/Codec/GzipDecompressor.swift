internal import CZlib

/// A zlib stream that reads gzip members.
final class GzipDecompressor {
    // inflateInit2; ended in deinit. zlib keeps a pointer back to the stream, so it stays where it was allocated.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let format = Int32(MAX_WBITS + 16)  // 16: gzip only (zlib.h, inflateInit2)
        guard inflateInit2_(stream, format, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw RepositoryError.outOfMemory("zlib")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses exactly one member to exactly `chunk.count` bytes.
    func decompress(_ frame: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer) throws {
        inflateReset(stream)
        var spare: UInt8 = 0
        let code = withUnsafeMutablePointer(to: &spare) { spare in
            // zlib takes its input as a pointer to mutable bytes and never writes to it; a null output is an error
            // to it even when there is nothing to put out.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: frame.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
            stream.pointee.avail_in = UInt32(frame.count)
            stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? spare
            stream.pointee.avail_out = UInt32(chunk.count)
            return inflate(stream, Z_FINISH)
        }
        guard code == Z_STREAM_END else { throw RepositoryError.damagedFrame("gzip error \(code)") }
        guard stream.pointee.avail_out == 0 else { throw RepositoryError.damagedFrame("another content size") }
        guard stream.pointee.avail_in == 0 else { throw RepositoryError.damagedFrame("another length") }
    }
}
