import Blocking

/// All that is known of which chunk is where, in one index made for one piece of work.
///
/// Only indexes whose bytes have the digest in their name are trusted. Packs that no sound index names are read from
/// their directories, so a lost or damaged index hides nothing.
struct ConsolidatedIndex {
    /// The index; `nil` when there is no pack.
    private(set) var file: IndexFile?
    /// The packs that are there, with their sizes in bytes.
    private(set) var packs: [Digest: Int64] = [:]
    /// Packs that an index names and that are not there.
    private(set) var missing: Set<Digest> = []
    /// Packs that no sound index names.
    private(set) var unindexed: Set<Digest> = []
    /// Names of sound indexes.
    private(set) var soundIndexes: [String] = []
    /// Names of indexes that are not sound, with the reason.
    private(set) var damagedIndexes: [String: String] = [:]
    /// Unindexed packs whose directories can't be read, with the reason.
    private(set) var unreadablePacks: [Digest: String] = [:]
    /// Keeps the index's file.
    private let scratch: ScratchFolder

    /// - Parameters:
    ///   - store: The repository's objects.
    ///   - folder: Where the index is put for as long as this value lives: as large as all indexes together.
    ///   - ignoring: Packs whose absence from the indexes is right: those that tombstones name.
    ///   - keepsMissing: Whether entries of missing packs are kept, so that their chunks' loss can be laid to them.
    ///   - cancellation: Ends the work.
    init(
        of store: any ObjectStore,
        folder: String,
        ignoring: Set<Digest> = [],
        keepsMissing: Bool = false,
        cancellation: CancellationFlag?
    ) throws {
        scratch = try ScratchFolder(in: folder)
        var files = try openIndexes(of: store, cancellation: cancellation)
        try store.list(ObjectName.packs) { object in
            guard ObjectKind(name: object.name) == .pack, let digest = ObjectName.digest(of: object.name) else {
                return
            }
            packs[digest] = object.size
        }
        var indexed: Set<Digest> = []
        for file in files {
            for pack in file.packs { indexed.insert(pack.digest) }
        }
        missing = indexed.filter { packs[$0] == nil }
        unindexed = Set(packs.keys.filter { !indexed.contains($0) && !ignoring.contains($0) })
        if let adopted = try adopt(unindexed, from: store, cancellation: cancellation) { files.append(adopted) }
        file = try IndexMerger(files, dropping: keepsMissing ? [] : missing, in: scratch.store).run().map {
            try IndexFile(scratch.store.open($0))
        }
    }

    /// Opens the sound indexes. One that disappears meanwhile was merged into another, so the listing starts again.
    private mutating func openIndexes(
        of store: any ObjectStore,
        cancellation: CancellationFlag?
    ) throws -> [IndexFile] {
        var attempts = 0
        while true {
            attempts += 1
            do {
                var files: [IndexFile] = []
                soundIndexes = []
                damagedIndexes = [:]
                for name in try store.names(ObjectName.indexes) where ObjectKind(name: name) == .index {
                    try cancellation?.check()
                    do {
                        let object = try store.open(name)
                        try ObjectDigest.check(object, cancellation: cancellation)
                        files.append(try IndexFile(object))
                        soundIndexes.append(name)
                    } catch let error as RepositoryError where error.kind != .notFound {
                        damagedIndexes[name] = error.message
                    }
                }
                return files
            } catch let error as RepositoryError where error.kind == .notFound && attempts < 5 {
                continue
            }
        }
    }

    /// Reads chunks as this index says; any copy will do.
    func reader(
        of store: any ObjectStore,
        cacheBytes: Int = 4 << 20,
        comparesIDs: Bool = true
    ) throws -> ChunkReader {
        // All indexes that were made in the scratch folder name the same places, so which of them answers is the same.
        try ChunkReader(
            store: store,
            index: ChunkIndex(store: scratch.store),
            cacheBytes: cacheBytes,
            comparesIDs: comparesIDs
        )
    }

    /// Indexes packs from their directories.
    private mutating func adopt(
        _ packs: Set<Digest>,
        from store: any ObjectStore,
        cancellation: CancellationFlag?
    ) throws -> IndexFile? {
        if packs.isEmpty { return nil }
        let writer = try IndexWriter(in: scratch.store)
        for pack in packs.sorted() {
            try cancellation?.check()
            do {
                let directory = try PackDirectory.read(pack, from: store)
                try writer.add(
                    IndexedPack(digest: pack, kind: directory.kind, codec: directory.codec),
                    entries: directory.entries
                )
            } catch let error as RepositoryError where error.kind == .damaged || error.kind == .notFound {
                unreadablePacks[pack] = error.message
            }
        }
        return try writer.finish().map { try IndexFile(scratch.store.open($0)) }
    }
}
