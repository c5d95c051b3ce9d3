import Glibc

/// The CRC-32C of chunks, by the position of a chunk's first entry in an index: eight bytes each in a file without a
/// name, so that memory does not grow with them.
final class ChunkChecksums: Sendable {
    private static let isKnown = UInt64(1) << 32
    private let file: OpenFile

    /// - Parameter folder: Where the file takes its space.
    init(folder: String) throws {
        let path = "\(folder)/checksums"
        file = try OpenFile.open(path, O_RDWR | O_CREAT | O_TRUNC)
        unlink(path)
    }

    /// Keeps a chunk's checksum.
    func put(_ checksum: CRC32C, at position: Int) throws {
        try withUnsafeBytes(of: UInt64(checksum.value) | Self.isKnown) { try file.write($0, at: Int64(position) * 8) }
    }

    /// A chunk's checksum; `nil` when it was not kept.
    func checksum(at position: Int) throws -> CRC32C? {
        var word: UInt64 = 0
        let count = try withUnsafeMutableBytes(of: &word) { try file.read(at: Int64(position) * 8, into: $0) }
        return count == 8 && word & Self.isKnown != 0 ? CRC32C(value: UInt32(truncatingIfNeeded: word)) : nil
    }
}
