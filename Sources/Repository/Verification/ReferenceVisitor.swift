/// Checks for one backup that every chunk it needs can be had, and blames the packs that stand in the way.
struct ReferenceVisitor: BackupWalker.Visitor {
    let index: IndexFile?
    let damage: PackDamageMap
    let log: FindingLog
    /// The manifest's object name.
    let object: String
    /// The backup.
    let backup: BackupID

    mutating func visit(file id: ChunkID) throws -> Int? {
        try look(id, depth: 0)
    }

    mutating func visit(list id: ChunkID) throws -> Bool {
        try look(id, depth: 0) != nil
    }

    // Nothing is lost by it; that its pack is damaged is told of the pack.
    mutating func visit(help id: ChunkID) throws {}

    mutating func unreadable(list id: ChunkID, _ error: RepositoryError) throws {
        // An undamaged pack, as far as was read this time: it has rotted since it was last verified.
        try index?.visit(id) { _, entry in
            if let pack = index?.packs[Int(entry.packNumber)].digest {
                log.damaged(ObjectName.pack(pack), error.message, affects: backup)
            }
            return true
        }
    }

    mutating func wrongSize(path: String, expected: Int64, found: Int64) throws {
        log.damaged(object, "its file '\(path)' has \(expected) bytes, but chunks of \(found)", affects: backup)
    }

    /// A chunk's length; `nil` when no copy can be had, and then the log knows why.
    private func look(_ id: ChunkID, depth: Int) throws -> Int? {
        var copies: [IndexEntry] = []
        try index?.visit(id) { _, entry in
            copies.append(entry)
            return true
        }
        guard let index, !copies.isEmpty, depth <= ChunkReader.deepestChain else {
            log.missing("chunk \(id)", "no index knows a pack that holds it", affects: backup)
            return nil
        }
        var blamed: [Digest] = []
        for copy in copies.sorted(by: { $0.depth < $1.depth }) {
            let pack = index.packs[Int(copy.packNumber)].digest
            if damage[pack]?.includes(id) ?? false {
                blamed.append(pack)
                continue
            }
            if copy.baseNumber == IndexLayout.noBase { return Int(copy.rawBytes) }
            // Of a delta whose base is lost, the base's packs are blamed.
            if try look(index.base(copy.baseNumber), depth: depth + 1) != nil { return Int(copy.rawBytes) }
        }
        for pack in blamed {
            if case .missing = damage[pack] {
                log.missing(ObjectName.pack(pack), "an index names it, but it is not there", affects: backup)
            } else {
                log.damaged(ObjectName.pack(pack), "it holds damaged chunks", affects: backup)
            }
        }
        return nil
    }
}
