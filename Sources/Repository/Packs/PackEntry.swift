/// One frame of a pack, as the pack's directory has it.
package struct PackEntry: Sendable, Hashable {
    /// The chunk's id.
    package var id: ChunkID
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

    package init(id: ChunkID, offset: Int, storedBytes: Int, rawBytes: Int, base: ChunkID? = nil, depth: UInt8 = 0) {
        self.id = id
        self.offset = offset
        self.storedBytes = storedBytes
        self.rawBytes = rawBytes
        self.base = base
        self.depth = depth
    }
}
