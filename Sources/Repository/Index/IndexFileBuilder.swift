import Glibc

/// Writes one index object from entries that come in order: the header, whose numbers are known at the end, is filled in
/// then, and the SHA-256 is taken in one more pass over the file. Memory: two buffers.
final class IndexFileBuilder {
    private let store: any ObjectStore
    private let path: String
    private var file: OpenFile?
    private let buffer: UnsafeMutableRawBufferPointer
    private var buffered = 0
    private var written = Int64(IndexLayout.entriesStart)
    private var counts = [Int](repeating: 0, count: 256)
    private var baseCount = 0

    init(in store: any ObjectStore) throws {
        self.store = store
        // A whole number of entries, so that a block can be renumbered in place.
        buffer = .allocate(byteCount: 4096 * IndexLayout.entryBytes, alignment: 16)
        do {
            path = try store.makeTemporary()
        } catch {
            buffer.deallocate()
            throw error
        }
        file = try OpenFile.open(path, O_RDWR)
    }

    deinit {
        buffer.deallocate()
        // The file is gone from here when the store has taken it.
        if file != nil { unlink(path) }
    }

    /// The folder that temporary files are made in.
    var folder: String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    private var entryCount: Int {
        counts.reduce(0, +)
    }

    /// Adds an entry's 56 bytes with another pack number; entries come by id, then by pack number.
    func append(entry: UnsafeRawBufferPointer, packNumber: UInt32, baseNumber: UInt32) throws {
        if buffer.count - buffered < IndexLayout.entryBytes { try flush() }
        // Straight pointer arithmetic, within the buffer as just checked: a merge comes here for every entry.
        let target = buffer.baseAddress.unsafelyUnwrapped + buffered
        let source = entry.baseAddress.unsafelyUnwrapped
        memcpy(target, source, IndexLayout.entryBytes)
        target.storeBytes(
            of: packNumber.littleEndian,
            toByteOffset: IndexLayout.packNumberOffset,
            as: UInt32.self
        )
        target.storeBytes(
            of: baseNumber.littleEndian,
            toByteOffset: IndexLayout.baseNumberOffset,
            as: UInt32.self
        )
        buffered += IndexLayout.entryBytes
        counts[Int(source.load(as: UInt8.self))] += 1
    }

    /// Adds ids of bases, after all entries.
    func append(bases: UnsafeRawBufferPointer) throws {
        baseCount += bases.count / Digest.byteCount
        try append(bases)
    }

    /// Adds the pack table and puts the index into the store, durably.
    ///
    /// - Parameters:
    ///   - packs: The packs, in the order of their numbers.
    ///   - renumber: Gives the final number of a base for the one that entries were appended with; nil leaves them.
    /// - Returns: The object's name.
    func finish(packs: [IndexedPack], renumber: ((UInt32) -> UInt32)? = nil) throws -> String {
        for pack in packs {
            try withUnsafeTemporaryAllocation(byteCount: IndexLayout.packBytes, alignment: 8) { bytes in
                bytes.store(pack.digest, at: 0)
                bytes[32] = pack.kind.rawValue
                bytes[33] = pack.codec.number
                bytes.store16(0, at: 34)
                try append(UnsafeRawBufferPointer(bytes))
            }
        }
        try flush()
        let name = try ObjectName.index(hash(header: header(packCount: packs.count), renumber: renumber))
        try store.put(file: path, as: name)
        file = nil
        return name
    }

    private func header(packCount: Int) throws -> FrameBuffer {
        let entryCount = entryCount
        guard entryCount < Int(UInt32.max), baseCount < Int(IndexLayout.noBase) else {
            throw RepositoryError(.invalidArgument, "an index can't have \(entryCount) entries")
        }
        let header = FrameBuffer()
        header.fill(capacity: IndexLayout.entriesStart) { target in
            target.store32(IndexLayout.magic, at: 0)
            target.store32(IndexLayout.version, at: 4)
            target.store32(UInt32(packCount), at: 8)
            target.store32(UInt32(baseCount), at: 12)
            target.store32(UInt32(entryCount), at: 16)
            target.store32(0, at: 20)
            var total = 0
            for (byte, count) in counts.enumerated() {
                total += count
                target.store32(UInt32(total), at: IndexLayout.fanOutStart + 4 * byte)
            }
            return IndexLayout.entriesStart
        }
        return header
    }

    /// Writes the header, renumbers bases where asked to, and gives the digest of the whole file.
    private func hash(header: FrameBuffer, renumber: ((UInt32) -> UInt32)?) throws -> Digest {
        let file = open
        try file.write(header.bytes, at: 0)
        var stream = DigestStream()
        stream.update(header.bytes)
        var position = Int64(IndexLayout.entriesStart)
        let entriesEnd = position + Int64(entryCount * IndexLayout.entryBytes)
        while position < written {
            let end = position < entriesEnd ? entriesEnd : written
            let block = buffer.part(0, Int(min(Int64(buffer.count), end - position)))
            guard try file.read(at: position, into: block) == block.count else {
                throw RepositoryError(.inputOutput, "temporary file '\(path)' ends early")
            }
            if let renumber, position < entriesEnd {
                for entry in stride(from: 0, to: block.count, by: IndexLayout.entryBytes) {
                    let number = UnsafeRawBufferPointer(block).number32(at: entry + IndexLayout.baseNumberOffset)
                    if number == IndexLayout.noBase { continue }
                    block.store32(renumber(number), at: entry + IndexLayout.baseNumberOffset)
                }
                try file.write(UnsafeRawBufferPointer(block), at: position)
            }
            stream.update(UnsafeRawBufferPointer(block))
            position += Int64(block.count)
        }
        return stream.digest
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.count > buffer.count - buffered { try flush() }
        if bytes.count > buffer.count {
            try open.write(bytes, at: written)
            written += Int64(bytes.count)
        } else {
            buffer.part(buffered, bytes.count).copyMemory(from: bytes)
            buffered += bytes.count
        }
    }

    private func flush() throws {
        try open.write(UnsafeRawBufferPointer(buffer.part(0, buffered)), at: written)
        written += Int64(buffered)
        buffered = 0
    }

    private var open: OpenFile {
        guard let file else { preconditionFailure("nothing may follow after the index was put") }
        return file
    }
}
