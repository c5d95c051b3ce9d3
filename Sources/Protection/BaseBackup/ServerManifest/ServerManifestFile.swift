/// What the server's backup manifest says of one file.
package struct ServerManifestFile: Sendable, Equatable {
    /// The path relative to the data directory, as raw bytes.
    package var path: [UInt8]
    /// Length in bytes.
    package var size: Int64
    /// The contents' CRC-32C, where the server made one.
    package var crc32c: UInt32?

    package init(path: [UInt8], size: Int64, crc32c: UInt32?) {
        self.path = path
        self.size = size
        self.crc32c = crc32c
    }
}
