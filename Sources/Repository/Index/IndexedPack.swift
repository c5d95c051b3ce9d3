/// A pack as an index's table has it.
package struct IndexedPack: Sendable, Hashable {
    /// The SHA-256 that names the pack.
    package var digest: Digest
    /// What it holds.
    package var kind: PackKind
    /// The codec of its frames.
    package var codec: Codec

    package init(digest: Digest, kind: PackKind, codec: Codec) {
        self.digest = digest
        self.kind = kind
        self.codec = codec
    }
}
