import Blocking
import TestSupport

@testable import Repository

/// A repository in a temporary folder, and short ways to store into it and to read from it.
final class IngestScratch: Sendable {
    let folder: TemporaryDirectory
    let repository: Repository

    init() throws {
        folder = try TemporaryDirectory()
        repository = try Repository.create(at: folder.path("repository"))
    }

    /// Stores files in one session.
    ///
    /// - Parameters:
    ///   - files: Paths and contents.
    ///   - streams: Further files, cut by what they hold.
    ///   - previous: The result of an earlier session, taken for the backup before.
    ///   - options: How to store.
    ///   - through: Another store for the same folder.
    func store(
        _ files: [(path: String, bytes: [UInt8])] = [],
        streams: [(path: String, bytes: [UInt8])] = [],
        previous: IngestResult? = nil,
        options: IngestOptions = IngestOptions(workers: 2),
        through other: (any ObjectStore)? = nil,
        cancellation: CancellationFlag? = nil,
        onFile: (@Sendable (IngestedFile) throws -> Void)? = nil
    ) throws -> IngestResult {
        let repository = try other.map { try Repository.open(at: self.repository.path, store: $0) } ?? repository
        let lock = try repository.lockForWriting()
        defer { lock.release() }
        let session = try IngestSession(
            repository: repository,
            lock: lock,
            options: options,
            previous: previous.map(manifest),
            cancellation: cancellation,
            onFile: onFile
        )
        defer { session.abort() }
        for file in files {
            try session.beginFile(path: Array(file.path.utf8), mode: 0o600)
            // In two pieces, neither a chunk long.
            let cut = file.bytes.count / 3
            try file.bytes.withUnsafeBytes { bytes in
                try session.append(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
                try session.append(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
            }
            try session.endFile()
        }
        for stream in streams {
            try session.beginStream(path: Array(stream.path.utf8), mode: 0o600)
            // In pieces as a pipe gives them.
            try stream.bytes.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: 65_536) {
                    try session.append(UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(65_536)))
                }
            }
            try session.endFile()
        }
        return try session.finish()
    }

    /// Stores a file table made by hand.
    func storeTable(_ entries: [FileTableEntry]) throws -> IngestResult {
        let encoder = try FrameEncoder(codec: .zstd)
        let frame = FrameBuffer()
        let pack = try PackWriter(kind: .list, codec: .zstd, store: repository.store)
        let table = FileTableWriter(folder: folder.path)
        for entry in entries { try table.add(entry) }
        let made = try table.finish { bytes in
            let id = ChunkID(hashing: bytes)
            try encoder.encode(bytes, into: frame)
            try pack.append(frame.bytes, id: id, rawBytes: bytes.count)
            return id
        }
        let index = try ChunkIndex(store: repository.store)
        index.add(try pack.finish())
        try index.flush()
        return IngestResult(
            table: made,
            sizes: .init(logicalBytes: 0, addedBytes: 0, newChunks: 0, deltaChunks: 0, chunks: 0)
        )
    }

    /// Reads back what a session stored.
    func read(_ result: IngestResult) throws -> [String: [UInt8]] {
        let index = try ChunkIndex(store: repository.store)
        let reader = try ChunkReader(store: repository.store, index: index)
        let table = try FileTableReader(root: result.table.root, source: reader)
        var files: [String: [UInt8]] = [:]
        while let entry = try table.next() {
            var bytes: [UInt8] = []
            var ids = table.chunkIDs(of: entry)
            while let id = try ids.next() { bytes += try reader.read(id) }
            files[entry.path] = bytes
        }
        return files
    }

    /// A manifest of a dump, as far as sessions and readers look at it.
    func manifest(_ result: IngestResult) -> BackupManifest {
        BackupManifest(
            repository: repository.id,
            id: BackupID(startedAt: .now, kind: .dump),
            cluster: "1",
            previous: nil,
            startedAt: .now,
            finishedAt: .now,
            codec: "zstd",
            table: result.table,
            sizes: result.sizes,
            dump: DumpFacts(database: "app", encoding: "UTF8", programVersion: "15.14", holdsRolePasswords: true),
            server: ServerFacts(
                version: "15",
                versionNumber: 150_000,
                systemIdentifier: "1",
                timeline: 1,
                dataChecksums: true,
                blockSize: 8192,
                walSegmentBytes: 1 << 24
            ),
            findings: [],
            tool: "test"
        )
    }
}
