/// What one worker thread does to chunks: name, look up, compress.
final class ChunkWorker {
    private let index: SessionIndex
    private let pending: PendingChunks
    private let deltas: DeltaPolicy
    private let encoder: FrameEncoder
    /// Made when the first delta is: a first backup has none.
    private var deltaEncoder: FrameEncoder?
    private let reader: any ChunkSource

    /// - Parameters:
    ///   - index: What the repository holds.
    ///   - pending: What this session is storing.
    ///   - options: How to store it.
    ///   - reader: Where bases of deltas come from.
    /// - Throws: ``RepositoryError`` when there is no memory for the compressor.
    init(index: SessionIndex, pending: PendingChunks, options: IngestOptions, reader: any ChunkSource) throws {
        self.index = index
        self.pending = pending
        deltas = options.deltas
        encoder = try FrameEncoder(codec: options.codec, level: options.level)
        // The same level needs no second compressor, which would hold a megabyte and a half.
        if options.codec == .zstd, options.level == IngestOptions.deltaLevel { deltaEncoder = encoder }
        self.reader = reader
    }

    /// Fills in the job's id, checksum, outcome and frame.
    func process(_ job: ChunkJob) throws {
        let bytes = job.bytes
        let id = ChunkID(hashing: bytes)
        job.id = id
        job.checksum = CRC32C(of: bytes)
        // A look-up costs a few reads from the page cache, nothing beside the hash. So a chunk counts as known only when an
        // index names a pack that is fit for use, and what a lost or damaged pack held is stored again.
        if let stored = try index.storedBytes(of: id) {
            job.outcome = .known
            job.storedBytes = stored
            return
        }
        guard pending.claim(id) else {
            job.outcome = .known
            return
        }
        if deltas.maxDepth > 0, let position = job.previousPosition,
            let previous = job.file?.previous?.chunk(at: position),
            let delta = try encodeDelta(of: job, id, previous: previous)
        {
            job.outcome = delta
            return
        }
        try encoder.encode(bytes, into: job.frame)
        job.outcome = .whole
        job.storedBytes = job.frame.count
    }

    /// Makes the chunk's difference from an earlier version, if that is worth it.
    private func encodeDelta(of job: ChunkJob, _ id: ChunkID, previous: ChunkID) throws -> ChunkJob.Outcome? {
        guard let chain = try index.chain(of: previous), let root = chain.last,
            let depth = deltas.baseDepth(previousDepth: chain.count - 1, chunk: id)
        else { return nil }
        // The chain begins with the version before and ends with the whole root, at depth 0.
        let base = chain[chain.count - 1 - depth]
        // A base that can't be read is damaged. Then the chunk is stored whole, and verifying finds the damage.
        guard let bytes = try? reader.read(base.id) else { return nil }
        let encoder = try deltaEncoder ?? FrameEncoder(codec: .zstd, level: IngestOptions.deltaLevel)
        deltaEncoder = encoder
        try bytes.withUnsafeBytes { try encoder.encodeDelta(job.bytes, base: $0, into: job.frame) }
        guard deltas.keeps(deltaBytes: job.frame.count, wholeBytes: root.storedBytes, chunk: id) else { return nil }
        job.storedBytes = job.frame.count + chain[(chain.count - 1 - depth)...].reduce(0) { $0 + $1.storedBytes }
        return .delta(base: base.id, depth: UInt8(depth + 1))
    }
}
