/// Gives the ids of one file's chunks in order, one list chunk at a time in memory.
package struct ChunkIDCursor {
    private let source: any ChunkSource
    private var lists: ArraySlice<ChunkID>
    private var current: [ChunkID]
    private var position = 0

    /// - Parameters:
    ///   - entry: A file; folders and links have no chunks.
    ///   - source: Where list chunks come from.
    package init(entry: FileTableEntry, source: any ChunkSource) {
        self.source = source
        current = entry.chunks ?? []
        lists = (entry.lists ?? [])[...]
    }

    /// The next id; `nil` after the last.
    package mutating func next() throws -> ChunkID? {
        while position == current.count {
            guard let list = lists.popFirst() else { return nil }
            current = try Self.decode(source.read(list), list: list)
            position = 0
        }
        position += 1
        return current[position - 1]
    }

    /// The ids in a list chunk's bytes.
    static func decode(_ bytes: [UInt8], list: ChunkID) throws -> [ChunkID] {
        guard !bytes.isEmpty, bytes.count % Digest.byteCount == 0 else {
            throw RepositoryError(.damaged, "the list '\(list)' has \(bytes.count) bytes")
        }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: Digest.byteCount).map {
                Digest(loading: UnsafeRawBufferPointer(rebasing: bytes[$0...]))
            }
        }
    }
}
