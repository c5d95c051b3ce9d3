import Synchronization

/// Where every chunk is: all index objects of a repository, and the packs that this process wrote since.
///
/// Memory: 1 KiB an index object, 34 bytes a pack, and the pending entries (64 bytes each, ``pendingLimit`` of them
/// when ``flush()`` is called in time); it does not grow with the number of chunks. A lookup costs one or two reads for each index object.
/// Every method may be called from several threads; writing ones (``flush()``, ``consolidate(dropping:)``) by the
/// holder of the repository's writer lock only.
package final class ChunkIndex: Sendable {
    /// How many pending entries are enough for an index object of their own.
    package static let pendingLimit = 64 << 10
    /// With more index objects than this, they are worth merging.
    package static let fileLimit = 16

    private struct State: ~Copyable {
        var files: [IndexFile]
        var excluded: Set<Digest>
        var pending = PendingIndex()
    }

    private let store: any ObjectStore
    private let state: Mutex<State>
    /// Index objects that could not be used, each with what is wrong. Their packs look like orphans, so that adopting
    /// orphans heals the index; whoever opens an index for the operator tells of them.
    package let damaged: [(name: String, error: RepositoryError)]

    /// Opens all index objects.
    ///
    /// - Parameters:
    ///   - store: The repository's objects.
    ///   - excluding: Packs whose chunks count as unknown: named by a tombstone, or known to be damaged.
    package init(store: any ObjectStore, excluding: Set<Digest> = []) throws {
        let (files, damaged) = try ChunkIndex.openAll(in: store)
        self.store = store
        self.damaged = damaged
        state = Mutex(State(files: files, excluded: excluding))
    }

    // MARK: - Looking up

    /// The best copy of a chunk: whole, else of the lowest depth, else the newest known; nil when there is none.
    package func lookup(_ id: ChunkID) throws -> ChunkLocation? {
        let (pending, files, excluded) = snapshot(id)
        var best = pending.filter { !excluded.contains($0.pack) }.min { $0.depth < $1.depth }
        if best?.depth == 0 { return best }
        for file in files.reversed() {
            var found: IndexEntry?
            try file.visit(id) { _, entry in
                if entry.depth < found?.depth ?? best?.depth ?? .max, !excluded.contains(file.packs[entry].digest) {
                    found = entry
                }
                return found?.depth != 0
            }
            if let found { best = try file.location(found) }
            if best?.depth == 0 { break }
        }
        return best
    }

    /// All copies of a chunk, best first.
    package func lookupAll(_ id: ChunkID) throws -> [ChunkLocation] {
        let (pending, files, excluded) = snapshot(id)
        var copies = pending
        for file in files.reversed() {
            try file.visit(id) { _, entry in
                copies.append(try file.location(entry))
                return true
            }
        }
        copies.removeAll { excluded.contains($0.pack) }
        // The same frame may be named by several indexes.
        var seen: Set<ChunkLocation> = []
        return copies.filter { seen.insert($0).inserted }.enumerated()
            .sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
            .map(\.element)
    }

    /// Whether there is a copy of a chunk.
    package func contains(_ id: ChunkID) throws -> Bool {
        let (pending, files, excluded) = snapshot(id)
        if pending.contains(where: { !excluded.contains($0.pack) }) { return true }
        for file in files.reversed() {
            var isFound = false
            try file.visit(id) { _, entry in
                isFound = !excluded.contains(file.packs[entry].digest)
                return !isFound
            }
            if isFound { return true }
        }
        return false
    }

    // MARK: - Packs

    /// Whether an index or a pending entry names the pack, excluded or not.
    package func names(pack: Digest) -> Bool {
        state.withLock { state in
            state.pending.packs.contains { $0.digest == pack }
                || state.files.contains { $0.packs.contains { $0.digest == pack } }
        }
    }

    /// All packs that are named, each once, excluded ones too.
    package var packs: Set<IndexedPack> {
        state.withLock { state in
            var packs = Set(state.pending.packs)
            for file in state.files { packs.formUnion(file.packs) }
            return packs
        }
    }

    /// From now on the chunks of this pack count as unknown, save where there are other copies.
    package func exclude(pack: Digest) {
        state.withLock { _ = $0.excluded.insert(pack) }
    }

    /// The packs whose chunks count as unknown.
    package var excluded: Set<Digest> {
        state.withLock { $0.excluded }
    }

    // MARK: - Growing

    /// Makes the chunks of a pack known, before any index object names it.
    package func add(_ pack: FinishedPack) {
        state.withLock { state in
            state.pending.add(
                IndexedPack(digest: pack.digest, kind: pack.kind, codec: pack.codec),
                entries: pack.entries
            )
        }
    }

    /// How many entries no index object has yet.
    package var pendingCount: Int {
        state.withLock { $0.pending.count }
    }

    /// Writes the pending entries as an index object, durably. Lookups wait meanwhile.
    ///
    /// - Returns: The object's name; nil when nothing was pending.
    @discardableResult
    package func flush() throws -> String? {
        try state.withLock { state in
            guard let name = try state.pending.write(to: store) else { return nil }
            state.files.append(try IndexFile(store.open(name)))
            state.pending.removeAll()
            return name
        }
    }

    /// Merges all index objects into one, then deletes them. Dying in between leaves some chunks named twice.
    ///
    /// Each is read whole and compared with its digest before, as a merge would give damage a good name. The packs of a
    /// damaged one are indexed afresh from their directories.
    ///
    /// - Parameter dropping: Packs that the merged index does not name any more; they are excluded from now on.
    /// - Returns: The merged object's name; nil when no pack was left.
    @discardableResult
    package func consolidate(dropping: Set<Digest> = []) throws -> String? {
        let files = state.withLock { state in
            state.excluded.formUnion(dropping)
            return state.files
        }
        let sound = try files.filter { try $0.isSound() }
        let name = try IndexMerger(sound, dropping: dropping, in: store).run()
        let merged = try name.map { try IndexFile(store.open($0)) }
        state.withLock { state in
            // What was flushed meanwhile stays.
            let old = Set(files.map(\.name))
            state.files = (merged.map { [$0] } ?? []) + state.files.filter { !old.contains($0.name) }
        }
        for file in files where file.name != name { try store.delete(file.name) }
        // After the damaged object went: the one that is made now may be just what it was, and have its name.
        if sound.count < files.count { _ = try OrphanPacks.adopt(in: store, index: self) }
        return name
    }

    /// Consolidates when there are more than ``fileLimit`` index objects.
    package func consolidateIfNeeded() throws {
        if fileCount > ChunkIndex.fileLimit { try consolidate() }
    }

    /// How many index objects there are.
    package var fileCount: Int {
        state.withLock { $0.files.count }
    }

    // MARK: - Going through

    /// The index objects as they are now.
    func snapshotFiles() -> [IndexFile] {
        state.withLock { $0.files }
    }

    private func snapshot(_ id: ChunkID) -> (pending: [ChunkLocation], files: [IndexFile], excluded: Set<Digest>) {
        state.withLock { state in
            var pending: [ChunkLocation] = []
            state.pending.visit(id) { entry in
                pending.append(state.pending.location(entry))
                return true
            }
            return (pending, state.files, state.excluded)
        }
    }

    /// Opens every index object. One that disappears meanwhile was merged into another, so the listing starts again.
    private static func openAll(in store: any ObjectStore) throws -> (
        [IndexFile], [(name: String, error: RepositoryError)]
    ) {
        var attempts = 0
        while true {
            do {
                var files: [IndexFile] = []
                var damaged: [(name: String, error: RepositoryError)] = []
                for name in try store.names(ObjectName.indexes) {
                    do {
                        files.append(try IndexFile(store.open(name)))
                    } catch let error as RepositoryError where error.kind == .damaged {
                        damaged.append((name, error))
                    }
                }
                return (files, damaged)
            } catch let error as RepositoryError where error.kind == .notFound && attempts < 5 {
                attempts += 1
            }
        }
    }
}

extension [IndexedPack] {
    /// The pack of an entry, whose number has been checked.
    fileprivate subscript(entry: IndexEntry) -> IndexedPack {
        self[Int(entry.packNumber)]
    }
}
