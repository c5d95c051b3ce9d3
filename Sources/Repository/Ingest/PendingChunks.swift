import Synchronization

/// Ids of the chunks that this session stores whose packs are not finished yet.
///
/// It makes sure that of equal chunks, in two workers at once or minutes apart, one is stored. Its size is bounded by the
/// entries of the packs being written.
final class PendingChunks: Sendable {
    private let ids = Mutex<Set<ChunkID>>([])

    /// Asks to store a chunk.
    ///
    /// - Returns: Whether the caller stores it; `false` when another one does or did.
    func claim(_ id: ChunkID) -> Bool {
        ids.withLock { $0.insert(id).inserted }
    }

    /// Forgets the chunks of a pack that the index knows now.
    func remove(_ pack: FinishedPack) {
        ids.withLock { ids in
            for entry in pack.entries { ids.remove(entry.id) }
        }
    }
}
