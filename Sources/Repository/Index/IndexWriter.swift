import Glibc

/// Writes an index of packs, in any number and order; entries beyond a few megabytes are sorted on disk.
package final class IndexWriter {
    /// An entry sorts by its id and then by its pack's number, which as a key is big-endian.
    private static let keyBytes = IndexLayout.idBytes + 4

    private let builder: IndexFileBuilder
    private let sorter: ExternalSorter
    private let bases: SpillFile
    private var packs: [IndexedPack] = []
    private var baseCount: UInt32 = 0

    /// - Parameters:
    ///   - store: Where the index goes.
    ///   - memory: How many bytes of entries are held before they are spilled to disk.
    package init(in store: any ObjectStore, memory: Int = 6 << 20) throws {
        builder = try IndexFileBuilder(in: store)
        sorter = ExternalSorter(folder: builder.folder, memory: memory)
        bases = try SpillFile(folder: builder.folder)
    }

    /// Adds a pack with all its entries.
    package func add(_ pack: IndexedPack, entries: [PackEntry]) throws {
        let number = UInt32(packs.count)
        packs.append(pack)
        var numbers: [ChunkID: UInt32] = [:]
        try withUnsafeTemporaryAllocation(byteCount: IndexLayout.entryBytes, alignment: 8) { bytes in
            for entry in entries {
                let base = try entry.base.map { try numberOfBase($0, in: &numbers) }
                IndexEntry(entry, packNumber: number.byteSwapped, baseNumber: base ?? IndexLayout.noBase)
                    .store(to: bytes)
                try sorter.append(record: UnsafeRawBufferPointer(bytes), keyBytes: IndexWriter.keyBytes)
            }
        }
    }

    /// Adds a pack with all its entries.
    package func add(_ pack: FinishedPack) throws {
        try add(IndexedPack(digest: pack.digest, kind: pack.kind, codec: pack.codec), entries: pack.entries)
    }

    /// Sorts the entries and puts the index into the store, durably. Nothing may follow.
    ///
    /// - Returns: The object's name; nil when no pack was added.
    package func finish() throws -> String? {
        guard !packs.isEmpty else { return nil }
        let records = try sorter.finish()
        try withUnsafeTemporaryAllocation(byteCount: IndexLayout.entryBytes, alignment: 8) { bytes in
            while let record = try records.next() {
                bytes.part(0, record.key.count).copyMemory(from: record.key)
                bytes.part(record.key.count, record.payload.count).copyMemory(from: record.payload)
                let entry = UnsafeRawBufferPointer(bytes)
                try builder.append(
                    entry: entry,
                    packNumber: entry.number32(at: IndexLayout.packNumberOffset).byteSwapped,
                    baseNumber: entry.number32(at: IndexLayout.baseNumberOffset)
                )
            }
        }
        let buffer = FrameBuffer()
        defer { withExtendedLifetime(buffer) {} }
        var position: Int64 = 0
        while position < bases.count {
            let length = Int(min(64 << 10, bases.count - position))
            try buffer.fill(capacity: length) {
                try bases.read(at: position, into: $0.part(0, length))
                return length
            }
            try builder.append(bases: buffer.bytes)
            position += Int64(length)
        }
        return try builder.finish(packs: packs)
    }

    /// A base's number; within a pack, chunks with the same base share it.
    private func numberOfBase(_ base: ChunkID, in numbers: inout [ChunkID: UInt32]) throws -> UInt32 {
        if let number = numbers[base] { return number }
        try base.withUnsafeBytes { try bases.append($0) }
        numbers[base] = baseCount
        baseCount += 1
        return baseCount - 1
    }
}
