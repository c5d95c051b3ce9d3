/// How much of a pack is needed.
struct PackUsage {
    /// The pack.
    var pack: IndexedPack
    /// The bytes of all its frames.
    var storedBytes: Int64 = 0
    /// The bytes of needed frames.
    var liveBytes: Int64 = 0

    /// Counts for every pack of an index, by pack number.
    static func count(_ index: IndexFile, live: Bitmap) throws -> [PackUsage] {
        var usage = index.packs.map { PackUsage(pack: $0) }
        let cursor = IndexCursor(index)
        var position = 0
        while let bytes = try cursor.next() {
            let entry = try index.check(IndexEntry(bytes))
            usage[Int(entry.packNumber)].storedBytes += Int64(entry.storedBytes)
            if live.contains(position) { usage[Int(entry.packNumber)].liveBytes += Int64(entry.storedBytes) }
            position += 1
        }
        return usage
    }

    /// What is to be done with the pack.
    var verdict: Verdict {
        if liveBytes == 0 { return .dead }
        return liveBytes * 100 < storedBytes * Self.leastLivePercent ? .sparse : .kept
    }

    /// What is to be done with a pack.
    enum Verdict {
        /// Nothing in it is needed: remove it.
        case dead
        /// Little in it is needed: move that elsewhere and remove it.
        case sparse
        /// Leave it alone.
        case kept
    }

    /// A pack of which less is needed is worth the copying.
    private static let leastLivePercent: Int64 = 40
}
