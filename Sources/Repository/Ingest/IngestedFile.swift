/// A file as it was stored.
package struct IngestedFile: Sendable, Equatable {
    /// The path relative to the data directory, as raw bytes.
    package var path: [UInt8]
    /// Length in bytes.
    package var size: Int64
    /// The contents' CRC-32C.
    package var checksum: CRC32C

    package init(path: [UInt8], size: Int64, checksum: CRC32C) {
        self.path = path
        self.size = size
        self.checksum = checksum
    }
}
