/// Where one copy of a chunk is, and what it takes to decode it.
package struct ChunkLocation: Sendable, Hashable {
    /// The pack it lies in.
    package var pack: Digest
    /// The pack's kind.
    package var kind: PackKind
    /// The codec of the pack's frames.
    package var codec: Codec
    /// Where the frame begins in the pack, in bytes.
    package var offset: Int
    /// The frame's length in bytes.
    package var storedBytes: Int
    /// The chunk's length in bytes.
    package var rawBytes: Int
    /// The chunk that the frame is a difference from; nil for a whole chunk.
    package var base: ChunkID?
    /// How many deltas have to be decoded for the chunk; 0 for a whole chunk.
    package var depth: UInt8

    package init(
        pack: Digest,
        kind: PackKind,
        codec: Codec,
        offset: Int,
        storedBytes: Int,
        rawBytes: Int,
        base: ChunkID? = nil,
        depth: UInt8 = 0
    ) {
        self.pack = pack
        self.kind = kind
        self.codec = codec
        self.offset = offset
        self.storedBytes = storedBytes
        self.rawBytes = rawBytes
        self.base = base
        self.depth = depth
    }

    /// Whether the frame decodes by itself.
    package var isWhole: Bool {
        base == nil
    }
}
