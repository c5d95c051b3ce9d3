/// Packs that no index names: their writer died before it wrote one, or the index was lost.
package enum OrphanPacks {
    /// What adopting came to.
    package struct Adoption: Sendable {
        /// Packs whose chunks are known now.
        package var adopted: [Digest] = []
        /// Packs that stay unknown as their directory is damaged, each with what is wrong.
        package var damaged: [(pack: Digest, error: RepositoryError)] = []
    }

    /// The packs in the store that the index does not name. Excluded packs are none: what a tombstone names is not
    /// adopted. It lists all packs.
    package static func find(in store: any ObjectStore, index: ChunkIndex) throws -> [Digest] {
        let known = Set(index.packs.map(\.digest)).union(index.excluded)
        var orphans: [Digest] = []
        try store.list(ObjectName.packs) { object in
            guard ObjectKind(name: object.name) == .pack, let pack = ObjectName.digest(of: object.name),
                !known.contains(pack)
            else { return }
            orphans.append(pack)
        }
        return orphans.sorted()
    }

    /// Adds the orphans to the index, and writes index objects of them. Index objects that could not be used are removed,
    /// as the one that takes a damaged one's place may be just what that was, and have its name. For the holder of the
    /// repository's writer lock.
    package static func adopt(in store: any ObjectStore, index: ChunkIndex) throws -> Adoption {
        for object in index.damaged { try store.delete(object.name) }
        var adoption = Adoption()
        for pack in try find(in: store, index: index) {
            do {
                index.add(try FinishedPack(reading: pack, from: store))
                adoption.adopted.append(pack)
            } catch let error as RepositoryError where error.kind == .damaged {
                adoption.damaged.append((pack, error))
            }
            if index.pendingCount >= ChunkIndex.pendingLimit { try index.flush() }
        }
        try index.flush()
        return adoption
    }
}
