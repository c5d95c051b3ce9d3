/// Goes through an index's entries in order, a block at a time.
final class IndexCursor {
    private static let blockEntries = (64 << 10) / IndexLayout.entryBytes

    let file: IndexFile
    private let block = UnsafeMutableRawBufferPointer.allocate(
        byteCount: IndexCursor.blockEntries * IndexLayout.entryBytes,
        alignment: 16
    )
    private var blockEnd = 0
    private var inBlock = 0
    private var position = 0

    init(_ file: IndexFile) {
        self.file = file
    }

    deinit {
        block.deallocate()
    }

    /// The next entry's bytes, valid until the next call; nil after the last.
    func next() throws -> UnsafeRawBufferPointer? {
        if inBlock == blockEnd {
            let count = min(IndexCursor.blockEntries, file.entryCount - position)
            if count == 0 { return nil }
            _ = try file.read(position..<position + count, into: block)
            position += count
            inBlock = 0
            blockEnd = count * IndexLayout.entryBytes
        }
        // Within the block, which outlives this call; a range subscript here would double a merge's time.
        let start = UnsafeRawPointer(block.baseAddress.unsafelyUnwrapped) + inBlock
        inBlock += IndexLayout.entryBytes
        return UnsafeRawBufferPointer(start: start, count: IndexLayout.entryBytes)
    }
}
