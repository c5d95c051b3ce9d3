package import Blocking

/// Reads files of a backup from beginning to end, without writing them to a disk first: a dump, for whoever restores it.
///
/// Threads of its own decode chunks ahead of the reader, each checked against its id; what they have ready is bounded, so
/// memory does not grow with the file. It holds a reader's lock on the repository as long as it lives.
///
/// Its calls block; make them on a thread of their own. Not Sendable: made and used on one thread.
package final class BackupFileReader {
    private let repository: Repository
    private let manifest: BackupManifest
    private let index: ChunkIndex
    private let lock: RepositoryLock
    private let table: FileTableReader
    private let workers: Int
    private let cancellation: CancellationFlag?
    private let progress: ProgressMeter?

    /// Opens a backup.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - manifest: The backup.
    ///   - workers: How many threads decode; at least 1. Each holds up to three chunks.
    ///   - cancellation: Ends the work.
    ///   - progress: Advanced by the bytes that are handed on.
    /// - Throws: ``RepositoryError``; `CancellationError`.
    package init(
        repository: Repository,
        manifest: BackupManifest,
        workers: Int = 2,
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil
    ) throws {
        self.repository = repository
        self.manifest = manifest
        self.workers = max(1, workers)
        self.cancellation = cancellation
        self.progress = progress
        lock = try repository.lockForReading(cancellation: cancellation)
        do {
            index = try ChunkIndex.openForRestoring(repository.store)
            table = try FileTableReader(
                root: manifest.table.root,
                source: ChunkReader(store: repository.store, index: index, cacheBytes: 1 << 20)
            )
        } catch {
            lock.release()
            throw error
        }
    }

    deinit {
        lock.release()
    }

    /// All entries of the file table, sorted by path. A dump has a handful; of a base backup they may be many.
    ///
    /// - Throws: ``RepositoryError``.
    package func entries() throws -> [FileTableEntry] {
        var entries: [FileTableEntry] = []
        table.rewind()
        while let entry = try table.next() { entries.append(entry) }
        return entries
    }

    /// Hands on a file's bytes, in order.
    ///
    /// Every chunk was checked against its id before `sink` sees its bytes. Whether all of the file could be read is known at
    /// the end only: until this returns, what `sink` got may be a part.
    ///
    /// - Parameters:
    ///   - path: Its path in the file table.
    ///   - sink: Gets the bytes, a chunk at a time, on the calling thread; what it throws ends the copying. It is not called
    ///     for an empty file.
    /// - Returns: Length and checksum of what was handed on.
    /// - Throws: ``RepositoryError``: `notFound` without such a file; `damaged`, naming file, chunk and pack; what `sink`
    ///   throws; `CancellationError`.
    @discardableResult
    package func copy(_ path: String, to sink: (UnsafeRawBufferPointer) throws -> Void) throws -> IngestedFile {
        guard let entry = try table.entry(forPath: path), entry.type == .file else {
            throw RepositoryError(.notFound, "backup '\(manifest.id)' has no file '\(path)'")
        }
        let chunks = try ChunksAhead(
            table.chunkIDs(of: entry),
            workers: workers,
            makeReader: { [store = repository.store, index] in
                try StreamChunkReader(store: store, index: index)
            }
        )
        defer { chunks.stop() }
        var copied = IngestedFile(path: entry.pathBytes, size: 0, checksum: CRC32C())
        do {
            while true {
                try cancellation?.check()
                guard let chunk = try chunks.next() else { break }
                copied.size += Int64(chunk.count)
                guard copied.size <= entry.size ?? 0 else { break }
                try chunk.withUnsafeBytes { bytes in
                    copied.checksum.append(CRC32C(of: bytes), count: bytes.count)
                    do { try sink(bytes) } catch { throw SinkFailure(error: error) }
                }
                progress?.advance(bytes: Int64(chunk.count))
            }
            guard copied.size == entry.size else {
                throw RepositoryError(.damaged, "its chunks don't have the \(entry.size ?? 0) bytes of the file table")
            }
        } catch let failure as SinkFailure {
            throw failure.error
        } catch let error as RepositoryError where error.kind == .damaged || error.kind == .notFound {
            throw RepositoryError(
                .damaged,
                "file '\(path)' of backup '\(manifest.id)' can't be read: \(error.message)",
                hint: ExtractionPlanner.hint
            )
        }
        progress?.advance(files: 1)
        return copied
    }

    /// What the caller's own code threw, which is not for us to explain.
    private struct SinkFailure: Error {
        let error: any Error
    }
}
