/// What must be decoded for a chunk, from the whole chunk at the bottom to the chunk itself.
struct DeltaChain {
    /// Longer chains are damage: a writer makes them a few deltas long.
    static let mostDeltas = ChunkReader.deepestChain

    /// The chunks and where they are: the first is whole, each of the others a delta against the one before.
    let links: [(id: ChunkID, location: ChunkLocation)]

    /// Follows the bases of a chunk.
    ///
    /// - Parameters:
    ///   - id: The chunk.
    ///   - lookup: The best place of a chunk; `nil` when no pack has it.
    /// - Throws: ``RepositoryError`` `damaged` when a link is missing or the chain has no end.
    init(to id: ChunkID, lookup: (ChunkID) throws -> ChunkLocation?) throws {
        var links: [(id: ChunkID, location: ChunkLocation)] = []
        var wanted = id
        while true {
            guard let location = try lookup(wanted) else {
                let what = wanted == id ? "no pack has the chunk '\(id)'" : "no pack has '\(wanted)', a base of '\(id)'"
                throw RepositoryError(.damaged, what)
            }
            guard location.storedBytes <= FrameLimits.frameBytes, location.rawBytes <= FrameLimits.chunkBytes else {
                throw RepositoryError(.damaged, "the index gives the chunk '\(wanted)' a length that can't be")
            }
            links.append((wanted, location))
            guard let base = location.base else { break }
            guard links.count <= Self.mostDeltas else {
                throw RepositoryError(.damaged, "the chunk '\(id)' is a delta of more than \(Self.mostDeltas) steps")
            }
            wanted = base
        }
        self.links = links.reversed()
    }
}
