/// Gives chunks by their ids: finds a copy, decodes it and what it depends on, and checks the result against the id.
///
/// When a copy turns out damaged it takes the next. Memory: a few megabytes of chunks and eight open packs. Not Sendable:
/// one for each thread, all with the same index.
package final class ChunkReader: ChunkSource {
    /// How many deltas may have to be decoded for a chunk: more than a writer ever makes; it ends cycles too.
    package static let deepestChain = 16

    private let index: ChunkIndex
    private let decoder: FrameDecoder
    private let comparesIDs: Bool
    private var cache: ChunkCache
    private var handles: PackHandles
    private let frame = FrameBuffer()

    /// - Parameters:
    ///   - store: The repository's objects.
    ///   - index: Where the chunks are.
    ///   - cacheBytes: How many bytes of decoded chunks are kept.
    ///   - comparesIDs: Whether chunks are hashed and compared with their ids. `false` is for bases of deltas whose results
    ///     are compared: a delta that comes out right had the right base. Frames' own checksums are checked in any case.
    package init(
        store: any ObjectStore,
        index: ChunkIndex,
        cacheBytes: Int = 4 << 20,
        comparesIDs: Bool = true
    ) throws {
        self.index = index
        self.comparesIDs = comparesIDs
        decoder = try FrameDecoder()
        cache = ChunkCache(limit: cacheBytes)
        handles = PackHandles(store)
    }

    /// The bytes of a chunk, checked against its id unless this reader was told not to.
    ///
    /// - Throws: ``RepositoryError``: `notFound` when no index knows the chunk; `damaged`, naming the pack and the chunk,
    ///   when no copy decodes to it; and what the file system says.
    package func read(_ id: ChunkID) throws -> [UInt8] {
        try read(id, chain: 0)
    }

    /// The bytes of one copy of a chunk, checked against its id; other copies are not tried, save of its bases.
    package func read(_ id: ChunkID, at location: ChunkLocation) throws -> [UInt8] {
        try read(id, at: location, chain: 0)
    }

    private func read(_ id: ChunkID, chain: Int) throws -> [UInt8] {
        if let cached = cache.take(id) { return cached }
        var failure: (any Error)?
        // The first copy is the best; all are looked for only when it fails.
        if let best = try index.lookup(id) {
            do {
                return try read(id, at: best, chain: chain)
            } catch {
                failure = error
            }
            for copy in try index.lookupAll(id) where copy != best {
                if let bytes = try? read(id, at: copy, chain: chain) { return bytes }
            }
        }
        throw failure
            ?? RepositoryError(
                .notFound,
                "chunk '\(id)' is in no index",
                hint: "Run 'recyclicctl verify --full all' to see which backups need it."
            )
    }

    private func read(_ id: ChunkID, at location: ChunkLocation, chain: Int) throws -> [UInt8] {
        do {
            let bytes = try decode(location, chain: chain)
            guard !comparesIDs || Digest(hashing: bytes) == id else {
                throw RepositoryError.damagedFrame("it decodes to other bytes")
            }
            cache.put(id, bytes)
            return bytes
        } catch let error as RepositoryError where error.kind == .damaged || error.kind == .notFound {
            throw RepositoryError(
                .damaged,
                "chunk '\(id)' in '\(ObjectName.pack(location.pack))' can't be read: \(error.message)",
                hint: "Run 'recyclicctl verify --full all' to see which backups need it."
            )
        }
    }

    private func decode(_ location: ChunkLocation, chain: Int) throws -> [UInt8] {
        guard location.storedBytes <= FrameLimits.frameBytes, location.rawBytes <= FrameLimits.chunkBytes else {
            throw RepositoryError.damagedFrame("its length can't be")
        }
        var base: [UInt8]?
        if let id = location.base {
            guard chain < ChunkReader.deepestChain else {
                throw RepositoryError.damagedFrame("its chain of deltas has no end")
            }
            base = try read(id, chain: chain + 1)
        }
        // After the base: reading it uses the same buffer.
        try frame.read(handles.handle(location.pack), at: Int64(location.offset), count: location.storedBytes)
        return try [UInt8](unsafeUninitializedCapacity: location.rawBytes) { buffer, count in
            let chunk = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer)[..<location.rawBytes]
            )
            if let base {
                try base.withUnsafeBytes { try decoder.decodeDelta(frame.bytes, base: $0, into: chunk) }
            } else {
                try decoder.decode(frame.bytes, codec: location.codec, into: chunk)
            }
            count = location.rawBytes
        }
    }
}
