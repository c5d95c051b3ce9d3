/// The marks of a stream's chunks, as list chunks hold them: eight bytes for each chunk, little-endian.
///
/// The mark of a chunk is the hash of its last 64 bytes, which ``StreamCutter`` cut it by.
enum StreamMarks {
    /// The mark of a stream's last chunk, which nothing was cut after.
    static let none: UInt64 = 0

    /// The bytes of a list.
    static func encode(_ marks: [UInt64]) -> [UInt8] {
        marks.flatMap { mark in withUnsafeBytes(of: mark.littleEndian) { Array($0) } }
    }

    /// The marks in a list's bytes; `nil` when it is none.
    static func decode(_ bytes: [UInt8]) -> [UInt64]? {
        guard bytes.count % 8 == 0, bytes.count <= 8 * ChunkListWriter.mostPerList else { return nil }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
            }
        }
    }
}
