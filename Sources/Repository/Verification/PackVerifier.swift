import Blocking

/// Checks packs, one after another: the name against the bytes, the directory, and every frame against its chunk's id.
///
/// A pack is read once from its first to its last byte; frames are decoded out of the same memory that is hashed. Not
/// Sendable: one for each thread.
final class PackVerifier {
    private static let batchBytes = 1 << 20

    private let store: any ObjectStore
    private let index: IndexFile?
    private let bases: any ChunkSource
    private let checkedBases: any ChunkSource
    private let checksums: ChunkChecksums?
    private let cancellation: CancellationFlag?
    private let decoder: FrameDecoder
    private let batch = FrameBuffer(capacity: PackVerifier.batchBytes)
    private let chunk = FrameBuffer()

    /// Whether every frame of the pack verified last was decoded: not the deltas whose bases can't be had, nor any of a
    /// pack that was only hashed.
    private(set) var didDecodeAll = false

    /// - Parameters:
    ///   - store: The repository's objects.
    ///   - index: Tells what is in a pack whose directory is damaged.
    ///   - bases: Gives the bases of deltas. It need not compare them with their ids, which would cost as much as all else
    ///     here.
    ///   - checkedBases: Gives the bases of deltas that come out wrong, compared with their ids.
    ///   - checksums: Gets the CRC-32C of every chunk that is decoded.
    ///   - cancellation: Ends the work.
    init(
        store: any ObjectStore,
        index: IndexFile?,
        bases: any ChunkSource,
        checkedBases: any ChunkSource,
        checksums: ChunkChecksums?,
        cancellation: CancellationFlag?
    ) throws {
        self.store = store
        self.index = index
        self.bases = bases
        self.checkedBases = checkedBases
        self.checksums = checksums
        self.cancellation = cancellation
        decoder = try FrameDecoder()
    }

    /// Checks one pack.
    ///
    /// - Parameters:
    ///   - pack: Its digest.
    ///   - isDeep: Whether to decode all frames; those of a damaged pack are decoded in any case.
    /// - Returns: What is wrong with it; `nil` when nothing is.
    /// - Throws: `CancellationError`.
    func verify(_ pack: Digest, isDeep: Bool) throws -> (damage: PackDamage, reason: String)? {
        didDecodeAll = isDeep
        do {
            let object = try store.open(ObjectName.pack(pack))
            do {
                let directory = try PackDirectory.read(object)
                if isDeep {
                    let result = try read(object, directory)
                    if result.digest == pack && result.bad.isEmpty { return nil }
                    return verdict(result.bad, directory, digestFits: result.digest == pack)
                }
                try ObjectDigest.check(object, cancellation: cancellation)
                return nil
            } catch let error as RepositoryError where error.kind == .damaged {
                return try rescue(object, pack, error)
            }
        } catch let error as RepositoryError {
            return (error.kind == .notFound ? .missing : .whole, error.message)
        }
    }

    /// Finds out which chunks of a damaged pack can still be had.
    private func rescue(
        _ object: any ObjectHandle,
        _ pack: Digest,
        _ error: RepositoryError
    ) throws -> (damage: PackDamage, reason: String) {
        let known = try? PackDirectory.read(object)
        guard let directory = try known ?? directoryFromIndex(pack) else { return (.whole, error.message) }
        var bad: Set<ChunkID> = []
        for entry in directory.entries {
            try cancellation?.check()
            guard (try? batch.read(object, at: Int64(entry.offset), count: entry.storedBytes)) != nil,
                try !isBad(entry, codec: directory.codec, frame: batch.bytes)
            else {
                bad.insert(entry.id)
                continue
            }
        }
        return verdict(bad, directory, digestFits: false, because: known == nil ? error.message : nil)
    }

    private func verdict(
        _ bad: Set<ChunkID>,
        _ directory: PackDirectory,
        digestFits: Bool,
        because cause: String? = nil
    ) -> (damage: PackDamage, reason: String) {
        let what = cause ?? (digestFits ? "it holds wrong chunks" : "its bytes don't have the SHA-256 in its name")
        let reason = "\(what); \(bad.count) of its \(directory.entries.count) chunks are lost"
        if bad.count == directory.entries.count || bad.count > PackDamage.mostChunks { return (.whole, reason) }
        return (.chunks(bad), reason)
    }

    /// Hashes a pack and decodes its frames in one pass.
    private func read(
        _ object: any ObjectHandle,
        _ directory: PackDirectory
    ) throws -> (digest: Digest, bad: Set<ChunkID>) {
        var stream = DigestStream()
        var bad: Set<ChunkID> = []
        var entries = directory.entries[...]
        while let first = entries.first {
            try cancellation?.check()
            var end = first.offset
            let some = entries.prefix { entry in
                defer { end = entry.offset + entry.storedBytes }
                return entry.offset == first.offset
                    || entry.offset + entry.storedBytes - first.offset <= Self.batchBytes
            }
            end = some.last.map { $0.offset + $0.storedBytes } ?? end
            try batch.read(object, at: Int64(first.offset), count: end - first.offset)
            stream.update(batch.bytes)
            for entry in some {
                let frame = batch.bytes.part(entry.offset - first.offset, entry.storedBytes)
                if try isBad(entry, codec: directory.codec, frame: frame) { bad.insert(entry.id) }
            }
            entries = entries.dropFirst(some.count)
        }
        var offset = directory.framesBytes
        while offset < object.size {
            let count = Int(min(Int64(Self.batchBytes), object.size - offset))
            try batch.read(object, at: offset, count: count)
            stream.update(batch.bytes)
            offset += Int64(count)
        }
        return (stream.digest, bad)
    }

    /// Whether a frame does not decode to its chunk. Of one that does the checksum is kept.
    private func isBad(_ entry: PackEntry, codec: Codec, frame: UnsafeRawBufferPointer) throws -> Bool {
        guard let decodes = try decodes(entry, codec: codec, frame: frame) else {
            // `chunk` is some other chunk then, and a sound copy elsewhere shares the checksum's place.
            didDecodeAll = false
            return false
        }
        if decodes, let checksums, let position = try index?.firstPosition(of: entry.id) {
            try checksums.put(CRC32C(of: chunk.bytes), at: position)
        }
        return !decodes
    }

    /// Fills `chunk`, and tells whether the frame decodes to what it must be; `nil` for a delta whose base can't be had, which
    /// is not to blame for that.
    private func decodes(_ entry: PackEntry, codec: Codec, frame: UnsafeRawBufferPointer) throws -> Bool? {
        guard let id = entry.base else {
            return try isChunk(entry) { try decoder.decode(frame, codec: codec, into: $0) }
        }
        if let base = try? bases.read(id), try isChunk(entry, { try decode(frame, base, into: $0) }) { return true }
        // The delta or its base is damaged: only a base that was compared with its id tells which.
        let base: [UInt8]
        do { base = try checkedBases.read(id) } catch is RepositoryError { return nil }
        return try isChunk(entry) { try decode(frame, base, into: $0) }
    }

    private func decode(
        _ frame: UnsafeRawBufferPointer,
        _ base: [UInt8],
        into target: UnsafeMutableRawBufferPointer
    ) throws {
        try base.withUnsafeBytes { try decoder.decodeDelta(frame, base: $0, into: target) }
    }

    /// Fills `chunk` by `decode`, and tells whether it then has the entry's id.
    private func isChunk(_ entry: PackEntry, _ decode: (UnsafeMutableRawBufferPointer) throws -> Void) throws -> Bool {
        do {
            try chunk.fill(capacity: entry.rawBytes) { buffer in
                try decode(buffer.part(0, entry.rawBytes))
                return entry.rawBytes
            }
        } catch is RepositoryError {
            return false
        }
        return Digest(hashing: chunk.bytes) == entry.id
    }

    /// What an index says of a pack: its frames, in order. It costs a pass over the whole index.
    private func directoryFromIndex(_ pack: Digest) throws -> PackDirectory? {
        guard let index, let number = index.packs.firstIndex(where: { $0.digest == pack }) else { return nil }
        var entries: [PackEntry] = []
        let cursor = IndexCursor(index)
        while let bytes = try cursor.next() {
            let entry = try index.check(IndexEntry(bytes))
            guard entry.packNumber == number else { continue }
            entries.append(
                PackEntry(
                    id: entry.id,
                    offset: Int(entry.offset),
                    storedBytes: Int(entry.storedBytes),
                    rawBytes: Int(entry.rawBytes),
                    base: try index.location(entry).base,
                    depth: entry.depth
                )
            )
        }
        entries.sort { $0.offset < $1.offset }
        return PackDirectory(kind: index.packs[number].kind, codec: index.packs[number].codec, entries: entries)
    }
}
