extension IndexFile {
    /// The position of a chunk's first entry; `nil` when there is none.
    func firstPosition(of id: ChunkID) throws -> Int? {
        var found: Int?
        try visit(id) { position, _ in
            found = position
            return false
        }
        return found
    }
}
