/// One member of a tar archive, as its header tells it.
package struct TarEntry: Sendable, Equatable {
    /// What the member is.
    package enum Kind: Sendable, Equatable {
        case file
        case directory
        /// A symbolic link with the bytes it points to.
        case link(target: [UInt8])
    }

    /// The member's path as raw bytes, without a slash at the end.
    package var path: [UInt8]
    package var kind: Kind
    /// Permission bits, 0 to 0o7777.
    package var mode: UInt16
    /// Bytes of contents; 0 for all but files.
    package var size: Int64

    package init(path: [UInt8], kind: Kind, mode: UInt16, size: Int64) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.size = size
    }
}
