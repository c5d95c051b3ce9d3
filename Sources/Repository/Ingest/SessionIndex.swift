/// What the repository holds, as a session that writes sees it.
final class SessionIndex: Sendable {
    private let store: any ObjectStore
    private let chunks: ChunkIndex

    /// Opens the indexes, and indexes packs whose writer died before it could.
    ///
    /// - Parameter excluded: Packs known to be damaged, unfit for use as those that tombstones name.
    /// - Throws: ``RepositoryError``.
    init(repository: Repository, excluding excluded: Set<Digest> = []) throws {
        store = repository.store
        chunks = try ChunkIndex(store: store, excluding: repository.tombstonedPacks().union(excluded))
        try adoptOrphans()
    }

    /// Whether a chunk can be read: it is in a pack that is fit for use, and so is all that it is a difference from. A
    /// delta whose base is damaged or gone is unknown, so that the next backup stores the chunk again.
    func contains(_ id: ChunkID) throws -> Bool {
        try storedBytes(of: id) != nil
    }

    /// What a chunk takes in the repository, with all that it is a difference from; `nil` when it can't be read.
    func storedBytes(of id: ChunkID) throws -> Int? {
        try storedBytes(of: id, depth: 0)
    }

    private func storedBytes(of id: ChunkID, depth: Int) throws -> Int? {
        // A whole copy is preferred by the look-up, so most chunks cost one.
        guard depth <= ChunkReader.deepestChain, let best = try chunks.lookup(id) else { return nil }
        if let stored = try storedBytes(of: best, depth: depth) { return stored }
        let excluded = chunks.excluded
        for copy in try chunks.lookupAll(id) where copy.pack != best.pack && !excluded.contains(copy.pack) {
            if let stored = try storedBytes(of: copy, depth: depth) { return stored }
        }
        return nil
    }

    private func storedBytes(of copy: ChunkLocation, depth: Int) throws -> Int? {
        guard let base = copy.base else { return copy.storedBytes }
        return try storedBytes(of: base, depth: depth + 1).map { $0 + copy.storedBytes }
    }

    /// A chunk and all it is a difference from, in order, down to the whole one.
    ///
    /// - Returns: `nil` when any of them is in no pack that is fit for use.
    func chain(of id: ChunkID) throws -> [(id: ChunkID, storedBytes: Int)]? {
        var chain: [(id: ChunkID, storedBytes: Int)] = []
        var next: ChunkID? = id
        while let id = next {
            // A chain that no reader follows can only be a ring in a damaged index.
            guard chain.count <= ChunkReader.deepestChain, let location = try chunks.lookup(id) else { return nil }
            chain.append((id, location.storedBytes))
            next = location.base
        }
        return chain
    }

    /// A reader for one thread, with a small cache.
    func makeReader() throws -> ChunkReader {
        try ChunkReader(store: store, index: chunks, cacheBytes: 1 << 20)
    }

    /// Makes a pack's chunks known, and writes an index when many have none.
    ///
    /// - Returns: The size in bytes of the index that was written.
    func add(_ pack: FinishedPack) throws -> Int64 {
        chunks.add(pack)
        return chunks.pendingCount < ChunkIndex.pendingLimit ? 0 : try flush()
    }

    /// Writes an index of all chunks that have none.
    ///
    /// - Returns: Its size in bytes.
    func flush() throws -> Int64 {
        guard let name = try chunks.flush() else { return 0 }
        return try store.size(of: name)
    }

    /// Merges the indexes when there are many: each costs every look-up some reads.
    func consolidate() throws {
        try chunks.consolidateIfNeeded()
    }

    /// Indexes the packs that no index names. Those a tombstone names are left to the sweep, and those that can't be read to
    /// whoever verifies. Packs that an index names and that are gone are unfit for use: what they held is stored again.
    private func adoptOrphans() throws {
        let known = Set(chunks.packs.map(\.digest))
        let excluded = chunks.excluded
        var missing = known
        try store.list(ObjectName.packs) { object in
            guard let pack = ObjectName.digest(of: object.name) else { return }
            missing.remove(pack)
            guard !known.contains(pack), !excluded.contains(pack) else { return }
            do {
                let directory = try PackDirectory.read(pack, from: store)
                _ = try add(
                    FinishedPack(
                        digest: pack,
                        kind: directory.kind,
                        codec: directory.codec,
                        bytes: object.size,
                        entries: directory.entries
                    )
                )
            } catch let error as RepositoryError where error.kind == .damaged {
                return
            }
        }
        for pack in missing { chunks.exclude(pack: pack) }
        _ = try flush()
    }
}
