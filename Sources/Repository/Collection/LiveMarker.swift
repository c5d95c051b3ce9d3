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
        var best: (position: Int, entry: IndexEntry)?
        let avoided = avoided
        try index.visit(id) { position, entry in
            if let known = best {
                let isBetter =
                    (avoided[Int(entry.packNumber)] ? 1 : 0, entry.depth)
                    < (avoided[Int(known.entry.packNumber)] ? 1 : 0, known.entry.depth)
                if isBetter { best = (position, entry) }
            } else {
                best = (position, entry)
            }
            return true
        }
        guard let best else {
            missing += 1
            return nil
        }
        if live.insert(best.position), best.entry.baseNumber != IndexLayout.noBase {
            _ = try mark(index.base(best.entry.baseNumber))
        }
        return Int(best.entry.rawBytes)
    }
}
