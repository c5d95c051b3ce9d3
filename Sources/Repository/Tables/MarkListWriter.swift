/// Gathers the marks of a stream's chunks into list chunks, one for as many chunks as a list of ids has.
struct MarkListWriter {
    private var pending: [UInt64] = []
    private var lists: [ChunkID] = []

    /// Adds the mark of the stream's next chunk.
    ///
    /// - Parameters:
    ///   - mark: The mark.
    ///   - sink: Stores a list chunk and gives its id.
    /// - Throws: What `sink` throws.
    mutating func append(_ mark: UInt64, sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws {
        if pending.count == ChunkListWriter.mostPerList { try flush(sink) }
        pending.append(mark)
    }

    /// Ends the stream; the writer is then ready for another one.
    ///
    /// - Returns: The list chunks; `nil` for a stream that has no cut.
    mutating func finish(sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws -> [ChunkID]? {
        defer {
            pending = []
            lists = []
        }
        if lists.isEmpty && pending.count <= 1 { return nil }
        try flush(sink)
        return lists
    }

    private mutating func flush(_ sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws {
        lists.append(try StreamMarks.encode(pending).withUnsafeBytes(sink))
        pending.removeAll(keepingCapacity: true)
    }
}
