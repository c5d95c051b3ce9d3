/// Gathers the ids of one file's chunks: up to 8 stay beside the file's name, more go into list chunks.
package struct ChunkListWriter {
    /// The most ids a list chunk has.
    package static let mostPerList = 4_096

    private var pending: [ChunkID] = []
    private var lists: [ChunkID] = []

    package init() {}

    /// Adds the file's next chunk.
    ///
    /// - Parameters:
    ///   - id: The chunk.
    ///   - sink: Stores a list chunk and gives its id.
    /// - Throws: What `sink` throws.
    package mutating func append(_ id: ChunkID, sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws {
        if pending.count == Self.mostPerList { try flush(sink) }
        pending.append(id)
    }

    /// Ends the file; the writer is then ready for another one.
    package mutating func finish(sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws -> FileContent {
        defer {
            pending = []
            lists = []
        }
        if lists.isEmpty && pending.count <= FileTableEntry.mostInlineChunks { return .chunks(pending) }
        if !pending.isEmpty { try flush(sink) }
        return .lists(lists)
    }

    private mutating func flush(_ sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws {
        var bytes = [UInt8](repeating: 0, count: pending.count * Digest.byteCount)
        bytes.withUnsafeMutableBytes { bytes in
            for (index, id) in pending.enumerated() {
                id.store(to: UnsafeMutableRawBufferPointer(rebasing: bytes[(index * Digest.byteCount)...]))
            }
        }
        lists.append(try bytes.withUnsafeBytes(sink))
        pending.removeAll(keepingCapacity: true)
    }
}
