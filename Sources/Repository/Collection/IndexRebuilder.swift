package import Blocking

/// Makes indexes again from the packs' directories, where they are damaged or lost.
package struct IndexRebuilder {
    private let repository: Repository
    private let lock: RepositoryLock

    /// - Parameters:
    ///   - repository: The repository.
    ///   - lock: Its writer's lock, held by the caller.
    package init(_ repository: Repository, lock: RepositoryLock) {
        self.repository = repository
        self.lock = lock
    }

    /// Writes one index of all packs and deletes the others, when an index is damaged or a pack is in none.
    ///
    /// Packs that a tombstone names are left out, for they are waiting to be removed.
    ///
    /// - Returns: How many packs were indexed that had not been; packs whose directories are damaged stay out.
    /// - Throws: ``RepositoryError``; `CancellationError`.
    @discardableResult
    package func run(cancellation: CancellationFlag? = nil) throws -> Int {
        guard lock.mode == .writing else {
            throw RepositoryError(.invalidArgument, "rebuilding an index needs the writer's lock")
        }
        let store = repository.store
        let index = try ConsolidatedIndex(
            of: store,
            folder: repository.temporaryFolder(),
            ignoring: repository.tombstonedPacks(),
            cancellation: cancellation
        )
        if index.unindexed.isEmpty && index.damagedIndexes.isEmpty { return 0 }
        let kept = try index.file.flatMap { try IndexMerger([$0], dropping: [], in: store).run() }
        for name in try store.names(ObjectName.indexes) where name != kept { try store.delete(name) }
        return index.unindexed.count - index.unreadablePacks.count
    }
}
