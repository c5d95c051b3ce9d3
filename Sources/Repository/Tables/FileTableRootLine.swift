/// One line of a table's root: a table chunk and the first path in it.
struct FileTableRootLine: Codable, Equatable {
    /// The first path in the chunk, as the table stores it.
    var first: String
    /// The table chunk.
    var id: ChunkID

    /// The line's bytes, with the line feed.
    var line: [UInt8] {
        var output = Array("{\"first\":".utf8)
        FileTableEntry.append(first, to: &output)
        output += ",\"id\":\"\(id.hex)\"}\n".utf8
        return output
    }
}
