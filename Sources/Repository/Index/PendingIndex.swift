/// The entries of packs that no index object names yet: a hash table of a fixed form, 60 to 64 bytes an entry.
struct PendingIndex: ~Copyable {
    private(set) var packs: [IndexedPack] = []
    private(set) var count = 0
    private var bases: [ChunkID] = []
    /// Entries in the order of adding, as an index has them.
    private let entries = FrameBuffer()
    /// For each slot one more than an entry's number, 0 for an empty one; at most half of them are in use.
    private var slots: [UInt32] = []

    /// Adds a pack with all its entries.
    mutating func add(_ pack: IndexedPack, entries added: [PackEntry]) {
        let number = UInt32(packs.count)
        packs.append(pack)
        reserve(count + added.count)
        withUnsafeTemporaryAllocation(byteCount: IndexLayout.entryBytes, alignment: 8) { bytes in
            for entry in added {
                IndexEntry(entry, packNumber: number, baseNumber: numberOfBase(entry.base)).store(to: bytes)
                entries.append(UnsafeRawBufferPointer(bytes))
                count += 1
                insert(UInt32(count), id: entry.id)
            }
        }
    }

    /// Calls `body` with every entry of `id`, the newest first or not, until it returns false.
    func visit(_ id: ChunkID, _ body: (IndexEntry) throws -> Bool) rethrows {
        guard !slots.isEmpty else { return }
        var slot = firstSlot(id)
        while slots[slot] != 0 {
            let entry = entry(slots[slot] - 1)
            if entry.id == id, try !body(entry) { return }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// What an entry says.
    func location(_ entry: IndexEntry) -> ChunkLocation {
        let pack = packs[Int(entry.packNumber)]
        return ChunkLocation(
            pack: pack.digest,
            kind: pack.kind,
            codec: pack.codec,
            offset: Int(entry.offset),
            storedBytes: Int(entry.storedBytes),
            rawBytes: Int(entry.rawBytes),
            base: entry.baseNumber == IndexLayout.noBase ? nil : bases[Int(entry.baseNumber)],
            depth: entry.depth
        )
    }

    /// Writes everything as one index object, sorted.
    ///
    /// - Returns: Its name; nil when there is nothing.
    func write(to store: any ObjectStore) throws -> String? {
        guard !packs.isEmpty else { return nil }
        let builder = try IndexFileBuilder(in: store)
        // The order is made of numbers, not of entries: four bytes each instead of 56.
        var order = (0..<UInt32(count)).map { $0 }
        order.sort { left, right in
            let order = compareBytes(
                bytes(left).part(0, IndexLayout.idBytes),
                bytes(right).part(0, IndexLayout.idBytes)
            )
            // Packs were numbered as they came, so the order of adding is that of their numbers.
            return order != 0 ? order < 0 : left < right
        }
        for number in order {
            let entry = bytes(number)
            try builder.append(
                entry: entry,
                packNumber: entry.number32(at: IndexLayout.packNumberOffset),
                baseNumber: entry.number32(at: IndexLayout.baseNumberOffset)
            )
        }
        for base in bases { try base.withUnsafeBytes { try builder.append(bases: $0) } }
        return try builder.finish(packs: packs)
    }

    /// Forgets everything, memory included.
    mutating func removeAll() {
        self = PendingIndex()
    }

    /// The number a base gets: chunks next to each other seldom share one, so only the last is looked at.
    private mutating func numberOfBase(_ base: ChunkID?) -> UInt32 {
        guard let base else { return IndexLayout.noBase }
        if bases.last != base { bases.append(base) }
        return UInt32(bases.count - 1)
    }

    private mutating func reserve(_ needed: Int) {
        guard slots.count < 2 * needed else { return }
        var size = max(1024, slots.count)
        while size < 2 * needed { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        for number in 0..<UInt32(count) { insert(number + 1, id: entry(number).id) }
    }

    private mutating func insert(_ value: UInt32, id: ChunkID) {
        var slot = firstSlot(id)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = value
    }

    /// Ids are digests: their bits need no hashing.
    private func firstSlot(_ id: ChunkID) -> Int {
        Int(truncatingIfNeeded: id.prefix) & (slots.count - 1)
    }

    private func entry(_ number: UInt32) -> IndexEntry {
        IndexEntry(bytes(number))
    }

    private func bytes(_ number: UInt32) -> UnsafeRawBufferPointer {
        entries.bytes.part(Int(number) * IndexLayout.entryBytes, IndexLayout.entryBytes)
    }
}
