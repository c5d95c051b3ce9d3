/// Marks the chunks that backups need, one copy of each, as bits by their entries' positions in an index.
///
/// The base of a needed delta is needed too.
struct LiveMarker: BackupWalker.Visitor {
    let index: IndexFile
    /// The positions of needed entries.
    private(set) var live: Bitmap
    /// Needed chunks that are in no pack, as far as they were come across.
    private(set) var missing = 0
    /// By pack number: copies elsewhere are better.
    private let avoided: [Bool]

    /// - Parameters:
    ///   - index: Where chunks are.
    ///   - avoiding: Packs whose copies count only when there is no other: tombstoned and damaged ones.
    init(index: IndexFile, avoiding: Set<Digest>) {
        self.index = index
        live = Bitmap(bound: index.entryCount)
        avoided = index.packs.map { avoiding.contains($0.digest) }
    }

    mutating func visit(file id: ChunkID) throws -> Int? {
        try mark(id)
    }

    mutating func visit(list id: ChunkID) throws -> Bool {
        _ = try mark(id)
        return true
    }

    mutating func visit(help id: ChunkID) throws {
        let before = missing
        _ = try mark(id)
        // Nothing that a backup needs.
        missing = before
    }

    mutating func unreadable(list id: ChunkID, _ error: RepositoryError) throws {
        // What it names might be needed, so nothing can be called unneeded.
        throw RepositoryError(
            .damaged,
            "nothing was removed: what a backup needs can't be known, for \(error.message)",
            hint:
                "Run 'recyclicctl verify --full all', and delete the backups that it names with 'recyclicctl backups delete'."
        )
    }

    // Damage is verify's to report; here every chunk that is named is kept.
    mutating func wrongSize(path: String, expected: Int64, found: Int64) throws {}

    /// Marks the best copy of a chunk, and what its decoding needs.
    ///
    /// - Returns: The chunk's length; `nil` when there is no copy.
    private mutating func mark(_ id: ChunkID) throws -> Int? {
        let copies = try copies(of: id)
        guard var best = copies.first else {
            missing += 1
            return nil
        }
        // A short chain is no good when it leads to a pack that is avoided: the copy that was stored to mend that wins.
        if copies.count > 1 {
            var isBestSound = try isSound(best)
            for copy in copies.dropFirst() {
                let isSound = try isSound(copy)
                let isBetter = isSound == isBestSound ? copy.entry.depth < best.entry.depth : isSound
                if isBetter { (best, isBestSound) = (copy, isSound) }
            }
        }
        if live.insert(best.position), best.entry.baseNumber != IndexLayout.noBase {
            _ = try mark(index.base(best.entry.baseNumber))
        }
        return Int(best.entry.rawBytes)
    }

    /// Whether a copy and all it stands on lie in packs that are not avoided.
    private func isSound(_ copy: (position: Int, entry: IndexEntry)) throws -> Bool {
        var seen: Set<Int> = []
        return try isSound(copy, &seen)
    }

    /// - Parameter seen: The positions looked at, each once: a damaged index may hold a ring.
    private func isSound(_ copy: (position: Int, entry: IndexEntry), _ seen: inout Set<Int>) throws -> Bool {
        guard seen.insert(copy.position).inserted, !avoided[Int(copy.entry.packNumber)] else { return false }
        guard copy.entry.baseNumber != IndexLayout.noBase else { return true }
        for base in try copies(of: index.base(copy.entry.baseNumber)) where try isSound(base, &seen) { return true }
        return false
    }

    private func copies(of id: ChunkID) throws -> [(position: Int, entry: IndexEntry)] {
        var copies: [(position: Int, entry: IndexEntry)] = []
        try index.visit(id) { position, entry in
            copies.append((position, entry))
            return true
        }
        return copies
    }
}
