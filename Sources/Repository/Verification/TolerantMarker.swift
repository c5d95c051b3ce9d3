/// Marks what backups need as far as it can be known: what can't be read is found and told of elsewhere.
struct TolerantMarker: BackupWalker.Visitor {
    var marker: LiveMarker

    mutating func visit(file id: ChunkID) throws -> Int? { try marker.visit(file: id) }
    mutating func visit(list id: ChunkID) throws -> Bool { try marker.visit(list: id) }
    mutating func visit(help id: ChunkID) throws { try marker.visit(help: id) }
    mutating func unreadable(list id: ChunkID, _ error: RepositoryError) throws {}
    mutating func wrongSize(path: String, expected: Int64, found: Int64) throws {}
}
