/// Merges indexes into one, entry by entry. Memory: 64 KiB for each index, a bit for each base, and the pack tables.
struct IndexMerger {
    /// The number of a pack that is left out.
    private static let dropped = UInt32.max

    private let store: any ObjectStore
    private let files: [IndexFile]
    private var packs: [IndexedPack] = []
    /// For each index, the final numbers of its packs.
    private var packNumbers: [[UInt32]] = []
    /// For each index, what is added to the numbers of its bases until the unused ones are known.
    private var baseStarts: [Int] = []
    private var baseCount = 0

    /// - Parameters:
    ///   - files: The indexes.
    ///   - dropping: Packs whose entries are left out.
    ///   - store: Where the merged index goes.
    init(_ files: [IndexFile], dropping: Set<Digest>, in store: any ObjectStore) throws {
        self.store = store
        self.files = files
        var numbers: [Digest: UInt32] = [:]
        for file in files {
            baseStarts.append(baseCount)
            baseCount += file.baseCount
            var mapped: [UInt32] = []
            mapped.reserveCapacity(file.packs.count)
            for pack in file.packs {
                if dropping.contains(pack.digest) {
                    mapped.append(Self.dropped)
                } else if let known = numbers[pack.digest] {
                    mapped.append(known)
                } else {
                    numbers[pack.digest] = UInt32(packs.count)
                    mapped.append(UInt32(packs.count))
                    packs.append(pack)
                }
            }
            packNumbers.append(mapped)
        }
        guard baseCount < Int(IndexLayout.noBase) else {
            throw RepositoryError(.invalidArgument, "an index can't have \(baseCount) bases")
        }
    }

    /// Writes the merged index.
    ///
    /// - Returns: Its name; nil when no pack is left.
    func run() throws -> String? {
        guard !packs.isEmpty else { return nil }
        let builder = try IndexFileBuilder(in: store)
        let output = IndexMergeOutput(builder, baseCount: baseCount)
        try mergeEntries(into: output)
        output.rankBases()
        let used = output.usedBases
        try copyBases(used, to: builder)
        if used.count == baseCount { return try builder.finish(packs: packs) }
        return try builder.finish(packs: packs) { UInt32(used.rank(of: Int($0))) }
    }

    private func mergeEntries(into output: IndexMergeOutput) throws {
        let cursors = files.map { IndexCursor($0) }
        var queue = MergeQueue(sources: cursors.count)
        for (source, cursor) in cursors.enumerated() {
            if let entry = try cursor.next() { queue.insert(source, key: entry) }
        }
        while let source = queue.first {
            let entry = queue.firstKey
            let pack = try packNumbers[source][packNumber(of: entry, in: source)]
            if pack != Self.dropped {
                try output.add(entry, pack: pack, base: baseNumber(of: entry, in: source))
            }
            queue.replaceFirst(key: try cursors[source].next())
        }
        try output.flush()
    }

    private func packNumber(of entry: UnsafeRawBufferPointer, in source: Int) throws -> Int {
        let number = Int(entry.number32(at: IndexLayout.packNumberOffset))
        guard number < packNumbers[source].count else {
            throw IndexFile.damage(files[source].name, "there is no pack number \(number)")
        }
        return number
    }

    private func baseNumber(of entry: UnsafeRawBufferPointer, in source: Int) throws -> UInt32 {
        let number = entry.number32(at: IndexLayout.baseNumberOffset)
        if number == IndexLayout.noBase { return number }
        guard Int(number) < files[source].baseCount else {
            throw IndexFile.damage(files[source].name, "there is no base number \(number)")
        }
        return number + UInt32(baseStarts[source])
    }

    private func copyBases(_ used: RankedBitmap, to builder: IndexFileBuilder) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        let perBlock = buffer.count / Digest.byteCount
        for (source, file) in files.enumerated() {
            for start in stride(from: 0, to: file.baseCount, by: perBlock) {
                let end = min(start + perBlock, file.baseCount)
                let bytes = try file.readBases(start..<end, into: buffer)
                for number in start..<end where used.contains(baseStarts[source] + number) {
                    try builder.append(
                        bases: bytes.part((number - start) * Digest.byteCount, Digest.byteCount)
                    )
                }
            }
        }
    }
}
