// Every entry of the index objects has a position: 0 for the first entry of the first object, and so on. Positions hold
// until the index is flushed or consolidated. They let a set of chunks be a bitmap.

extension ChunkIndex {
    /// How many positions there are; pending entries have none.
    package var positionCount: Int {
        snapshotFiles().reduce(0) { $0 + $1.entryCount }
    }

    /// Calls `body` with the positions of all entries of a chunk, excluded packs' too.
    package func visitPositions(of id: ChunkID, _ body: (Int) throws -> Void) throws {
        var start = 0
        for file in snapshotFiles() {
            try file.visit(id) { position, _ in
                try body(start + position)
                return true
            }
            start += file.entryCount
        }
    }

    /// Calls `body` with every entry in the order of positions; within an index object that is by id. Excluded packs'
    /// entries are among them, pending ones not.
    package func visitEntries(
        _ body: (_ position: Int, _ id: ChunkID, _ location: ChunkLocation) throws -> Void
    ) throws {
        var position = 0
        for file in snapshotFiles() {
            let cursor = IndexCursor(file)
            while let bytes = try cursor.next() {
                let entry = try file.check(IndexEntry(bytes))
                try body(position, entry.id, file.location(entry))
                position += 1
            }
        }
    }

    /// The entry at a position.
    package func entry(at position: Int) throws -> (id: ChunkID, location: ChunkLocation) {
        var rest = position
        for file in snapshotFiles() {
            if rest < file.entryCount {
                let entry = try file.entry(at: rest)
                return try (entry.id, file.location(entry))
            }
            rest -= file.entryCount
        }
        preconditionFailure("there is no position \(position)")
    }
}
