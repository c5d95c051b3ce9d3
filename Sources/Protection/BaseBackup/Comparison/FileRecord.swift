/// What is compared of a file beside its path.
struct FileRecord: Equatable {
    var size: Int64
    var crc32c: UInt32?

    init(size: Int64, crc32c: UInt32?) {
        self.size = size
        self.crc32c = crc32c
    }

    /// Reads what ``bytes`` gave.
    init(_ bytes: UnsafeRawBufferPointer) {
        size = bytes.loadUnaligned(fromByteOffset: 0, as: Int64.self)
        crc32c = bytes.count > 8 ? bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self) : nil
    }

    /// The record as bytes, for this process only: in its order of bytes.
    var bytes: [UInt8] {
        var bytes = withUnsafeBytes(of: size) { Array($0) }
        if let crc32c { withUnsafeBytes(of: crc32c) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
