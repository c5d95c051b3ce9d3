/// An entry of an index, with the numbers that mean something in that index only.
struct IndexEntry: Sendable, Hashable {
    var id: ChunkID
    var packNumber: UInt32
    var offset: UInt32
    var storedBytes: UInt32
    var rawBytes: UInt32
    /// ``IndexLayout/noBase`` for a whole chunk.
    var baseNumber: UInt32
    var depth: UInt8

    init(_ entry: PackEntry, packNumber: UInt32, baseNumber: UInt32) {
        id = entry.id
        self.packNumber = packNumber
        offset = UInt32(entry.offset)
        storedBytes = UInt32(entry.storedBytes)
        rawBytes = UInt32(entry.rawBytes)
        self.baseNumber = baseNumber
        depth = entry.depth
    }

    /// Reads the entry that `bytes` begins with.
    init(_ bytes: UnsafeRawBufferPointer) {
        id = bytes.digest(at: 0)
        packNumber = bytes.number32(at: IndexLayout.packNumberOffset)
        offset = bytes.number32(at: 36)
        storedBytes = bytes.number32(at: 40)
        rawBytes = bytes.number32(at: 44)
        baseNumber = bytes.number32(at: IndexLayout.baseNumberOffset)
        depth = bytes[52]
    }

    /// Writes the entry's 56 bytes to the beginning of a buffer.
    func store(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.store(id, at: 0)
        bytes.store32(packNumber, at: IndexLayout.packNumberOffset)
        bytes.store32(offset, at: 36)
        bytes.store32(storedBytes, at: 40)
        bytes.store32(rawBytes, at: 44)
        bytes.store32(baseNumber, at: IndexLayout.baseNumberOffset)
        bytes.store32(UInt32(depth), at: 52)  // the depth, then three zero bytes
    }
}
