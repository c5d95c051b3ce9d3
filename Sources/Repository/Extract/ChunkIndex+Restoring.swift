extension ChunkIndex {
    /// Opens the index for restoring: where index objects are lost or damaged, the packs they named are read from their own
    /// directories, so that a restore needs no index. Nothing is written.
    ///
    /// Those packs' entries are held in memory, 64 bytes each: some 26 MB for 50 GB.
    ///
    /// - Parameter store: The repository's objects.
    /// - Throws: ``RepositoryError``.
    package static func openForRestoring(_ store: any ObjectStore) throws -> ChunkIndex {
        let index = try ChunkIndex(store: store)
        guard index.fileCount == 0 || !index.damaged.isEmpty else { return index }
        for pack in try OrphanPacks.find(in: store, index: index) {
            // A pack whose directory is damaged is missed when a chunk of it is needed, and named then.
            guard let read = try? FinishedPack(reading: pack, from: store) else { continue }
            index.add(read)
        }
        return index
    }
}
