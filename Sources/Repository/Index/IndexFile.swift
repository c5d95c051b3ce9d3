/// One index object, open for reading. In memory: the fan-out (1 KiB) and the pack table (34 bytes a pack); everything
/// else is read where it is needed.
final class IndexFile: Sendable {
    let name: String
    let packs: [IndexedPack]
    let entryCount: Int
    let baseCount: Int
    private let fanOut: [UInt32]
    private let object: any ObjectHandle

    /// - Throws: ``RepositoryError`` `damaged`, naming the object, when its outer form is not that of an index.
    init(_ object: any ObjectHandle) throws {
        self.object = object
        name = object.name
        let head = try FrameBuffer(reading: object, at: 0, count: min(IndexLayout.entriesStart, Int(object.size)))
        defer { withExtendedLifetime(head) {} }
        let bytes = head.bytes
        guard bytes.count == IndexLayout.entriesStart, bytes.number32(at: 0) == IndexLayout.magic else {
            throw IndexFile.damage(object.name, "no magic number")
        }
        guard bytes.number32(at: 4) == IndexLayout.version else {
            throw IndexFile.damage(object.name, "its version is \(bytes.number32(at: 4))")
        }
        let packCount = Int(bytes.number32(at: 8))
        baseCount = Int(bytes.number32(at: 12))
        entryCount = Int(bytes.number32(at: 16))
        let basesEnd =
            IndexLayout.entriesStart + entryCount * IndexLayout.entryBytes + baseCount * Digest.byteCount
        guard object.size == Int64(basesEnd + packCount * IndexLayout.packBytes) else {
            throw IndexFile.damage(object.name, "it has \(object.size) bytes")
        }
        fanOut = (0..<256).map { bytes.number32(at: IndexLayout.fanOutStart + 4 * $0) }
        guard fanOut[255] == entryCount, zip(fanOut, fanOut.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw IndexFile.damage(object.name, "its fan-out is not sorted")
        }
        packs = try IndexFile.readPacks(object, at: Int64(basesEnd), count: packCount)
    }

    /// The error of an index that is not what the format says.
    static func damage(_ name: String, _ what: String) -> RepositoryError {
        RepositoryError(
            .damaged,
            "index '\(name)' is damaged: \(what)",
            hint: "It is made again from the packs by the next backup, or by 'recyclicctl verify --full all'."
        )
    }

    /// Reads the object whole, and tells whether it has the digest that names it.
    func isSound() throws -> Bool {
        do {
            try ObjectDigest.check(object, cancellation: nil)
            return true
        } catch let error as RepositoryError where error.kind == .damaged {
            return false
        }
    }

    /// Calls `body` with every entry of `id`, in the order of the packs' numbers, until it returns false.
    ///
    /// The position is the entry's number in this index.
    func visit(_ id: ChunkID, _ body: (_ position: Int, _ entry: IndexEntry) throws -> Bool) throws {
        try withUnsafeTemporaryAllocation(
            byteCount: IndexSearch.windowBytes,
            alignment: 8
        ) { window in
            var search = IndexSearch(id: id, range: bucket(of: id.firstByte))
            while let probe = search.next {
                let bytes = try read(probe, into: window)
                search.narrow(probe, bytes)
            }
            var position = search.lowerBound
            let end = bucket(of: id.firstByte).upperBound
            while position < end {
                let count = min(end - position, 4)
                let bytes = try read(position..<position + count, into: window)
                for index in 0..<count {
                    let entry = IndexEntry(bytes.part(index * IndexLayout.entryBytes, IndexLayout.entryBytes))
                    guard entry.id == id, try body(position + index, check(entry)) else { return }
                }
                position += count
            }
        }
    }

    /// The entry at a position, 0 to `entryCount` - 1.
    func entry(at position: Int) throws -> IndexEntry {
        try withUnsafeTemporaryAllocation(byteCount: IndexLayout.entryBytes, alignment: 8) { window in
            try check(IndexEntry(read(position..<position + 1, into: window)))
        }
    }

    /// The id of a base.
    func base(_ number: UInt32) throws -> ChunkID {
        try withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { window in
            try readBases(Int(number)..<Int(number) + 1, into: window).digest(at: 0)
        }
    }

    /// What an entry says, with its numbers resolved. It costs a read for a delta.
    func location(_ entry: IndexEntry) throws -> ChunkLocation {
        let pack = packs[Int(entry.packNumber)]
        return ChunkLocation(
            pack: pack.digest,
            kind: pack.kind,
            codec: pack.codec,
            offset: Int(entry.offset),
            storedBytes: Int(entry.storedBytes),
            rawBytes: Int(entry.rawBytes),
            base: entry.baseNumber == IndexLayout.noBase ? nil : try base(entry.baseNumber),
            depth: entry.depth
        )
    }

    /// Reads entries into a buffer, and gives the part of it that they fill.
    func read(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws -> UnsafeRawBufferPointer {
        try read(
            at: IndexLayout.entriesStart + range.lowerBound * IndexLayout.entryBytes,
            into: buffer.part(0, range.count * IndexLayout.entryBytes)
        )
    }

    /// Reads ids of bases into a buffer, and gives the part of it that they fill.
    func readBases(
        _ range: Range<Int>,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> UnsafeRawBufferPointer {
        let start = IndexLayout.entriesStart + entryCount * IndexLayout.entryBytes
        return try read(
            at: start + range.lowerBound * Digest.byteCount,
            into: buffer.part(0, range.count * Digest.byteCount)
        )
    }

    /// Refuses an entry whose numbers or lengths can't be.
    func check(_ entry: IndexEntry) throws -> IndexEntry {
        guard
            Int(entry.packNumber) < packs.count,
            entry.storedBytes <= FrameLimits.frameBytes,
            entry.rawBytes <= FrameLimits.chunkBytes,
            entry.baseNumber == IndexLayout.noBase
                ? entry.depth == 0 : entry.depth > 0 && Int(entry.baseNumber) < baseCount
        else { throw IndexFile.damage(name, "the entry of chunk '\(entry.id)' can't be") }
        return entry
    }

    private func bucket(of firstByte: UInt8) -> Range<Int> {
        let start = firstByte == 0 ? 0 : Int(fanOut[Int(firstByte) - 1])
        return start..<Int(fanOut[Int(firstByte)])
    }

    private func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> UnsafeRawBufferPointer {
        let count = try object.read(at: Int64(offset), into: buffer)
        guard count == buffer.count else { throw IndexFile.damage(name, "it ends early") }
        return UnsafeRawBufferPointer(buffer)
    }

    private static func readPacks(_ object: any ObjectHandle, at start: Int64, count: Int) throws -> [IndexedPack] {
        var packs: [IndexedPack] = []
        packs.reserveCapacity(count)
        let buffer = FrameBuffer()
        defer { withExtendedLifetime(buffer) {} }
        while packs.count < count {
            let some = min(count - packs.count, 1024)
            try buffer.read(
                object,
                at: start + Int64(packs.count * IndexLayout.packBytes),
                count: some * IndexLayout.packBytes
            )
            for number in 0..<some {
                let bytes = buffer.bytes.part(number * IndexLayout.packBytes, IndexLayout.packBytes)
                guard let kind = PackKind(rawValue: bytes[32]), let codec = Codec(number: bytes[33]) else {
                    throw damage(object.name, "there is no kind \(bytes[32]) or no codec \(bytes[33])")
                }
                packs.append(IndexedPack(digest: bytes.digest(at: 0), kind: kind, codec: codec))
            }
        }
        return packs
    }
}
