package import Blocking

/// Stores the files of one backup: bytes in on the caller's thread, packs, lists and the file table out.
///
/// The caller's thread only copies bytes into buffers of one chunk each, and finds where to cut a stream. Workers name the chunks, look them up and compress
/// the new ones; a writer puts the results in order into packs and the table; a sealer makes full packs durable and
/// indexes them. Between them lie queues of bounded length, so memory stays the same whatever comes, and a slow disk slows
/// the caller down. The first error of any thread ends them all, and is thrown to the caller by whichever call comes next.
///
/// Nothing is a backup until a manifest names the result. A session that fails, is cancelled or dies leaves packs which the
/// next session finds and uses again.
///
/// One thread calls the methods. Every session must end with ``finish()`` or ``abort()``.
package final class IngestSession {
    private let options: IngestOptions
    private let lock: RepositoryLock
    private let cancellation: CancellationFlag?
    private let index: SessionIndex
    private let previous: PreviousBackup?
    private let sealer: PackSealer
    private let writer: IngestWriter
    private let free: BlockingQueue<ChunkJob>
    private let work: BlockingQueue<ChunkJob>
    private let failure = FirstFailure()
    private let threads = ThreadGroup()
    private let chunkBytes: Int
    private let cutting: StreamCutting

    private var file: IngestFile?
    /// How many chunks of the file came before.
    private var position = 0
    private var job: ChunkJob?
    /// Of the stream that has begun; `nil` while a file has.
    private var cutter: StreamCutter?
    private var previousStream: PreviousStream?
    /// Jobs that are not used while a stream is stored.
    private var idle: [ChunkJob] = []
    private var hasEnded = false

    /// Starts a session: indexes what dead sessions left, and starts the threads.
    ///
    /// - Parameters:
    ///   - repository: Where to store.
    ///   - lock: The writer's lock on it; kept until the session ends.
    ///   - options: How to store.
    ///   - previous: The backup that the new one most likely resembles: the cluster's last one.
    ///   - cancellation: Ends the session with `CancellationError`.
    ///   - progress: Advanced by the bytes and files stored.
    ///   - onFile: Called for each file as it is complete, in order, on a thread of the session. What it throws ends the
    ///     session.
    /// - Throws: ``RepositoryError``.
    package init(
        repository: Repository,
        lock: RepositoryLock,
        options: IngestOptions = IngestOptions(),
        previous: BackupManifest? = nil,
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil,
        onFile: (@Sendable (IngestedFile) throws -> Void)? = nil
    ) throws {
        precondition(lock.mode == .writing, "storing needs the writer's lock")
        self.options = options
        self.lock = lock
        self.cancellation = cancellation
        chunkBytes = repository.header.chunkBytes
        cutting = StreamCutting(chunkBytes: chunkBytes)
        index = try SessionIndex(repository: repository, excluding: options.excludedPacks)
        self.previous = previous.flatMap { [index] manifest in
            // A damaged table costs deltas and nothing else.
            try? PreviousBackup(root: manifest.table.root, source: index.makeReader())
        }
        let pending = PendingChunks()
        free = BlockingQueue(capacity: options.chunksInFlight)
        work = BlockingQueue(capacity: options.chunksInFlight)
        for _ in 0..<options.chunksInFlight { free.put(ChunkJob(capacity: chunkBytes)) }
        sealer = PackSealer(index: index, pending: pending) { [reserve = options.reservedBytes] in
            try repository.checkSpace(reserve: reserve)
        }
        writer = try IngestWriter(
            repository: repository,
            options: options,
            index: index,
            pending: pending,
            sealer: sealer,
            free: free,
            progress: progress,
            onFile: onFile
        )
        start(pending)
    }

    private func start(_ pending: PendingChunks) {
        for number in 0..<options.workers {
            let (work, index, options) = (work, index, options)
            run("chunks \(number)") { isStopped, fail in
                let worker = Result {
                    try ChunkWorker(index: index, pending: pending, options: options, reader: index.makeReader())
                }
                while let job = work.take() {
                    // A job that was taken is always finished, for the writer may wait for it.
                    defer { job.finish() }
                    if isStopped() { continue }
                    do { try worker.get().process(job) } catch { fail(error) }
                }
            }
        }
        let (sealer, writer) = (sealer, writer)
        run("pack writer") { isStopped, fail in
            do { try writer.run(isStopped: isStopped) } catch { fail(error) }
            sealer.finish()
        }
        run("pack sealer") { isStopped, fail in
            do { try sealer.run(isStopped: isStopped) } catch { fail(error) }
        }
    }

    /// Runs `body` on a thread of the session.
    ///
    /// - Parameter body: It gets two functions: whether the session has failed or was cancelled, and one that makes it fail.
    private func run(
        _ name: String,
        _ body: @escaping @Sendable (_ isStopped: () -> Bool, _ fail: (any Error) -> Void) -> Void
    ) {
        let (failure, cancellation, stop) = (failure, cancellation, stopper)
        let fail: @Sendable (any Error) -> Void = { error in
            if failure.set(error) { stop() }
        }
        threads.start(name) {
            body(
                {
                    if cancellation?.isCancelled ?? false { fail(CancellationError()) }
                    return failure.isSet
                },
                fail
            )
        }
    }

    /// Wakes every thread that waits for a queue.
    private var stopper: @Sendable () -> Void {
        { [free, work, sealer, items = writer.items] in
            free.finish()
            work.finish()
            items.finish()
            sealer.finish()
        }
    }

    // MARK: - Files in

    /// Begins a file; its bytes follow.
    ///
    /// - Parameters:
    ///   - path: The path relative to the data directory, as raw bytes; none comes twice.
    ///   - mode: Permission bits.
    /// - Throws: ``RepositoryError`` `invalidArgument` for a path that leads elsewhere, or the session's first error.
    package func beginFile(path: [UInt8], mode: UInt16) throws {
        try begin(path: path, mode: mode, isStream: false)
    }

    /// Begins a file that has no places, a dump: it is cut by what it holds, so what is inserted or gone in it since the
    /// backup before changes the chunks around it and no others. Its bytes follow as those of a file do.
    ///
    /// - Parameters:
    ///   - path: Its path in the file table, as raw bytes; none comes twice.
    ///   - mode: Permission bits.
    /// - Throws: ``RepositoryError`` `invalidArgument` for a path that leads elsewhere, or the session's first error.
    package func beginStream(path: [UInt8], mode: UInt16) throws {
        try begin(path: path, mode: mode, isStream: true)
        cutter = StreamCutter(cutting)
        // A stream's chunks are twice as long: half as many at once take the same memory.
        while idle.count < options.chunksInFlight / 2 - 1 {
            guard let job = free.take(), !failure.isSet else { throw firstError }
            idle.append(job)
        }
        previousStream = previous.map { PreviousStream(backup: $0, path: path) }
    }

    private func begin(path: [UInt8], mode: UInt16, isStream: Bool) throws {
        precondition(file == nil, "a file begins when the one before has ended")
        try check(path)
        file = IngestFile(
            path: path,
            mode: mode,
            previous: previous.map { PreviousFile(backup: $0, path: path) },
            isStream: isStream
        )
        position = 0
    }

    /// Takes the file's next bytes: copies them, and waits while too many chunks are on their way.
    ///
    /// - Throws: The session's first error; `CancellationError`.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let job = try openJob()
            guard let cut = cutter?.take(UnsafeRawBufferPointer(rebasing: rest), isKnown: previousStream?.guide)
            else {
                rest = rest.dropFirst(job.fill(rest))
                if job.isFull { try submit(job) }
                continue
            }
            rest = rest.dropFirst(job.fill(rest.prefix(cut.count)))
            if let mark = cut.mark { try submit(job, mark: mark) }
        }
    }

    /// Ends the file.
    package func endFile() throws {
        guard let file else { preconditionFailure("no file has begun") }
        if let job { try submit(job) }
        self.file = nil
        cutter = nil
        previousStream = nil
        for job in idle { free.put(job) }
        idle = []
        try put(.fileEnd(file))
    }

    /// Adds a folder.
    package func addDirectory(path: [UInt8], mode: UInt16) throws {
        try check(path)
        try put(.directory(path: path, mode: mode))
    }

    /// Adds a symbolic link.
    ///
    /// - Parameters:
    ///   - path: Where it lies.
    ///   - mode: Permission bits.
    ///   - target: Where it points.
    package func addLink(path: [UInt8], mode: UInt16, target: String) throws {
        try check(path)
        try put(.link(path: path, mode: mode, target: target))
    }

    private func check(_ path: [UInt8]) throws {
        guard FileTableEntry.directory(pathBytes: path, mode: 0).hasSafePath else {
            throw RepositoryError(
                .invalidArgument,
                "the path '\(String(decoding: path, as: UTF8.self))' leads out of the data directory"
            )
        }
    }

    private func openJob() throws -> ChunkJob {
        if let job { return job }
        guard let file else { preconditionFailure("bytes belong to a file") }
        try cancellation?.check()
        guard let taken = free.take(), !failure.isSet else { throw firstError }
        taken.begin(file, longest: cutter == nil ? chunkBytes : cutting.longest)
        job = taken
        return taken
    }

    private func submit(_ job: ChunkJob, mark: UInt64 = StreamMarks.none) throws {
        self.job = nil
        // A file's chunk has its place; a stream's has one if the version before has a cut in common with it there.
        let place = cutter == nil ? position : previousStream?.place(endingAt: mark)
        job.end(mark: mark, previousPosition: place)
        position += 1
        // The worker's queue first: the writer waits for every job it gets.
        guard work.put(job) else { throw firstError }
        try put(.chunk(job))
    }

    private func put(_ item: IngestWriter.Item) throws {
        guard writer.items.put(item), !failure.isSet else { throw firstError }
    }

    private var firstError: any Error { failure.error ?? CancellationError() }

    // MARK: - End

    /// Ends the session: stores the file table, and indexes everything.
    ///
    /// - Returns: What the manifest needs; all of it is durable.
    /// - Throws: The session's first error; `CancellationError`.
    package func finish() throws -> IngestResult {
        precondition(file == nil, "the last file has not ended")
        precondition(!hasEnded, "a session ends once")
        hasEnded = true
        writer.items.finish()
        work.finish()
        threads.join()
        if let error = failure.error { throw error }
        try cancellation?.check()
        guard let table = writer.result else { preconditionFailure("a writer that ends without error has the table") }
        var sizes = writer.sizes
        sizes.addedBytes = sealer.addedBytes
        try index.consolidate()
        return IngestResult(table: table, sizes: sizes)
    }

    /// Ends the session without a result; does nothing when it has ended.
    ///
    /// - Returns: What went wrong in it, if anything did.
    @discardableResult
    package func abort() -> (any Error)? {
        guard !hasEnded else { return failure.error }
        hasEnded = true
        let error = failure.error
        failure.set(CancellationError())
        stopper()
        threads.join()
        return error
    }
}
