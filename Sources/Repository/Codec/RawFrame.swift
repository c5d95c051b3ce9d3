internal import CChecksum

/// zstd frames of raw blocks (RFC 8878, section 3.1.1), for the codec `none`.
enum RawFrame {
    /// The largest block a zstd frame may have.
    private static let blockBytes = 128 << 10
    private static let headerBytes = 9
    private static let blockHeaderBytes = 3
    private static let checksumBytes = 4

    /// How long the frame of a chunk is.
    static func length(of chunkBytes: Int) -> Int {
        headerBytes + blockCount(chunkBytes) * blockHeaderBytes + chunkBytes + checksumBytes
    }

    /// Wraps a chunk into a frame.
    static func encode(_ chunk: UnsafeRawBufferPointer, into frame: FrameBuffer) {
        let length = length(of: chunk.count)
        frame.fill(capacity: length) { target in
            target.store32(0xFD2F_B528, at: 0)
            // Content size in four bytes, single segment, checksum. A single segment has no window descriptor.
            target[4] = 0b1010_0100
            target.store32(UInt32(chunk.count), at: 5)
            var position = headerBytes
            var done = 0
            for block in 0..<blockCount(chunk.count) {
                let size = min(blockBytes, chunk.count - done)
                let isLast = block == blockCount(chunk.count) - 1
                let header = UInt32(size) << 3 | (isLast ? 1 : 0)  // block type 0: raw
                target[position] = UInt8(truncatingIfNeeded: header)
                target.store16(UInt16(header >> 8), at: position + 1)
                position += blockHeaderBytes
                target.part(position, size).copyMemory(from: chunk.part(done, size))
                position += size
                done += size
            }
            let checksum = checksum_xxh64(chunk.baseAddress, chunk.count)
            target.store32(UInt32(truncatingIfNeeded: checksum), at: position)
            return length
        }
    }

    /// An empty chunk has one empty block: a frame must have a last one.
    private static func blockCount(_ chunkBytes: Int) -> Int {
        max(1, (chunkBytes + blockBytes - 1) / blockBytes)
    }
}
