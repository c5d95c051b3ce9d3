import Blocking

/// The one thread that puts results in order: file by file into lists and the table, frame by frame into packs.
///
/// `@unchecked Sendable`: one thread calls ``run(isStopped:)``; everything else is read only after it has ended.
final class IngestWriter: @unchecked Sendable {
    /// What the stream had, in its order.
    enum Item: Sendable {
        case chunk(ChunkJob)
        case fileEnd(IngestFile)
        case directory(path: [UInt8], mode: UInt16)
        case link(path: [UInt8], mode: UInt16, target: String)
    }

    let items: BlockingQueue<Item>
    private let store: any ObjectStore
    private let codec: Codec
    private let index: SessionIndex
    private let pending: PendingChunks
    private let sealer: PackSealer
    private let encoder: FrameEncoder
    private let free: BlockingQueue<ChunkJob>
    private let progress: ProgressMeter?
    private let onFile: (@Sendable (IngestedFile) throws -> Void)?

    private var packs: [PackKind: PackWriter] = [:]
    private var lists = ChunkListWriter()
    private var marks = MarkListWriter()
    private let table: FileTableWriter
    private let frame = FrameBuffer()
    private var fileBytes: Int64 = 0
    private var storedBytes: Int64 = 0
    private var fileChecksum = CRC32C()

    /// The file table, once the writer has ended without an error.
    private(set) var result: BackupManifest.Table?
    private(set) var sizes = BackupManifest.Sizes(
        logicalBytes: 0,
        addedBytes: 0,
        newChunks: 0,
        deltaChunks: 0,
        chunks: 0
    )

    init(
        repository: Repository,
        options: IngestOptions,
        index: SessionIndex,
        pending: PendingChunks,
        sealer: PackSealer,
        free: BlockingQueue<ChunkJob>,
        progress: ProgressMeter?,
        onFile: (@Sendable (IngestedFile) throws -> Void)?
    ) throws {
        store = repository.store
        codec = options.codec
        self.index = index
        self.pending = pending
        self.sealer = sealer
        encoder = try FrameEncoder(codec: options.codec, level: options.level)
        self.free = free
        self.progress = progress
        self.onFile = onFile
        items = BlockingQueue(capacity: 2 * options.chunksInFlight)
        table = FileTableWriter(folder: "\(repository.path)/tmp", memory: 2 << 20)
    }

    /// Takes items until their queue is finished; then writes the file table and hands over the last packs.
    ///
    /// - Parameter isStopped: Whether the session has failed; then it returns at once.
    func run(isStopped: () -> Bool) throws {
        while let item = items.take() {
            if isStopped() { return }
            switch item {
            case .chunk(let job):
                job.wait()
                if isStopped() { return }
                try add(job)
                job.reset()
                free.put(job)
            case .fileEnd(let file): try end(file)
            case .directory(let path, let mode):
                try table.add(.directory(pathBytes: path, mode: UInt32(mode)))
            case .link(let path, let mode, let target):
                try table.add(.link(pathBytes: path, mode: UInt32(mode), target: target))
            }
        }
        if isStopped() { return }
        let result = try table.finish { try self.storeList($0) }
        for kind in PackKind.allCases { try seal(kind) }
        sizes.storedBytes = storedBytes
        self.result = result
    }

    private func add(_ job: ChunkJob) throws {
        guard let id = job.id else { preconditionFailure("a worker that is done with a chunk has named it") }
        switch job.outcome {
        case .known: break
        case .whole:
            try append(job.frame, to: .data, id: id, rawBytes: job.count)
            sizes.newChunks += 1
        case .delta(let base, let depth):
            try append(job.frame, to: .delta, id: id, rawBytes: job.count, base: base, depth: depth)
            sizes.newChunks += 1
            sizes.deltaChunks += 1
        case .failed: preconditionFailure("a worker that fails stops the session")
        }
        sizes.chunks += 1
        storedBytes += Int64(job.storedBytes)
        fileBytes += Int64(job.count)
        fileChecksum.append(job.checksum, count: job.count)
        try lists.append(id) { try self.storeList($0) }
        if job.file?.isStream == true { try marks.append(job.mark) { try self.storeList($0) } }
        progress?.advance(bytes: Int64(job.count))
    }

    private func end(_ file: IngestFile) throws {
        let content = try lists.finish { try self.storeList($0) }
        let marks = try marks.finish { try self.storeList($0) }
        try table.add(
            .file(pathBytes: file.path, mode: UInt32(file.mode), size: fileBytes, content: content, marks: marks)
        )
        try onFile?(IngestedFile(path: file.path, size: fileBytes, checksum: fileChecksum))
        sizes.logicalBytes += fileBytes
        fileBytes = 0
        fileChecksum = CRC32C()
        progress?.advance(files: 1)
    }

    /// Stores a chunk of lists or of the file table, unless it is known.
    private func storeList(_ bytes: UnsafeRawBufferPointer) throws -> ChunkID {
        let id = ChunkID(hashing: bytes)
        guard try !index.contains(id), pending.claim(id) else { return id }
        try encoder.encode(bytes, into: frame)
        try append(frame, to: .list, id: id, rawBytes: bytes.count)
        return id
    }

    private func append(
        _ frame: FrameBuffer,
        to kind: PackKind,
        id: ChunkID,
        rawBytes: Int,
        base: ChunkID? = nil,
        depth: UInt8 = 0
    ) throws {
        let pack = try packs[kind] ?? PackWriter(kind: kind, codec: codec, store: store)
        packs[kind] = pack
        try pack.append(frame.bytes, id: id, rawBytes: rawBytes, base: base, depth: depth)
        if pack.isFull { try seal(kind) }
    }

    private func seal(_ kind: PackKind) throws {
        guard let pack = packs.removeValue(forKey: kind) else { return }
        // Nothing here refers to it any more. A sealer that was stopped has its own error, which is the one to tell.
        nonisolated(unsafe) let handed = pack
        if !sealer.put(handed) { throw CancellationError() }
    }
}
