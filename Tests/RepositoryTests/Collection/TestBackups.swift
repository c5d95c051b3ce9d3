import TestSupport

@testable import Repository

/// A repository in a new folder with backups made by hand: small files cut into small chunks, stored whole or as deltas.
final class TestBackups {
    static let cluster = "7300000000000000001"
    private static let chunkBytes = 2_048

    let folder: TemporaryDirectory
    let path: String
    let repository: Repository
    private let codec: Codec
    private let encoder: FrameEncoder
    /// What each backup must restore to.
    private(set) var contents: [BackupID: [String: [UInt8]]] = [:]

    init(codec: Codec = .zstd) throws {
        folder = try TemporaryDirectory()
        path = folder.path("r")
        repository = try Repository.create(at: path)
        self.codec = codec
        encoder = try FrameEncoder(codec: codec)
    }

    var store: any ObjectStore { repository.store }

    /// The second of the n-th backup: a day after the one before.
    static func time(_ day: Int) -> UTCTime {
        UTCTime(secondsSinceEpoch: 1_795_312_800).adding(seconds: Int64(day) * 86_400)
    }

    /// Makes a backup of files, with a list for files of more than 8 chunks, and one WAL segment.
    ///
    /// - Parameters:
    ///   - day: The day it begins on.
    ///   - files: The files.
    ///   - previous: Chunks at the same places of this version are the bases of deltas.
    @discardableResult
    func add(
        day: Int,
        _ files: [String: [UInt8]],
        deltasFrom previous: [String: [UInt8]] = [:],
        excluding damaged: Set<Digest> = [],
        serverManifest: String? = nil
    ) throws -> BackupSummary {
        let excluded = try repository.tombstonedPacks().union(damaged)
        let index = try ChunkIndex(store: store, excluding: excluded)
        let data = try PackWriter(kind: .data, codec: codec, store: store)
        let deltas = try PackWriter(kind: .delta, codec: codec, store: store)
        let lists = try PackWriter(kind: .list, codec: codec, store: store)
        var stored: Set<ChunkID> = []
        func put(_ bytes: UnsafeRawBufferPointer, into pack: PackWriter, base: TestChunk? = nil) throws -> ChunkID {
            let chunk = TestChunk(Array(bytes))
            guard stored.insert(chunk.id).inserted, try !index.contains(chunk.id) else { return chunk.id }
            if let base, let depth = try index.lookup(base.id)?.depth, base.id != chunk.id, depth < 3,
                try encoder.frame(chunk.bytes, base: base.bytes).count < chunk.bytes.count / 2
            {
                try deltas.append(chunk, base: base, depth: depth + 1, with: encoder)
            } else {
                try pack.append(chunk, with: encoder)
            }
            return chunk.id
        }
        let writer = FileTableWriter(folder: folder.path)
        var all = files
        if let serverManifest { all["backup_manifest"] = Array(serverManifest.utf8) }
        for (path, bytes) in all.sorted(by: { $0.key < $1.key }) {
            var list = ChunkListWriter()
            for offset in stride(from: 0, to: bytes.count, by: Self.chunkBytes) {
                let base = previous[path].map { $0.dropFirst(offset).prefix(Self.chunkBytes) }
                    .flatMap { $0.isEmpty ? nil : TestChunk(Array($0)) }
                let id = try bytes[offset..<min(offset + Self.chunkBytes, bytes.count)].withUnsafeBytes {
                    try put($0, into: data, base: base)
                }
                try list.append(id) { try put($0, into: lists) }
            }
            let content = try list.finish { try put($0, into: lists) }
            try writer.add(
                .file(pathBytes: Array(path.utf8), mode: 0o600, size: Int64(bytes.count), content: content)
            )
        }
        try writer.add(.directory(pathBytes: Array("pg_wal".utf8), mode: 0o700))
        let table = try writer.finish { try put($0, into: lists) }
        for pack in [data, deltas, lists] where !pack.isEmpty { index.add(try pack.finish()) }
        try index.flush()
        let id = BackupID(startedAt: Self.time(day), kind: .base)
        contents[id] = all
        return try writeManifest(id, table)
    }

    private func writeManifest(_ id: BackupID, _ table: BackupManifest.Table) throws -> BackupSummary {
        let segment = [UInt8](
            repeating: UInt8(truncatingIfNeeded: id.startedAt.secondsSinceEpoch / 86_400),
            count: 4_096
        )
        let frame = try encoder.frame(segment)
        let name = "00000001000000000000000\(id.startedAt.secondsSinceEpoch / 86_400 % 10)"
        let object = ObjectName.wal(
            cluster: Self.cluster,
            timeline: 1,
            history: [],
            file: name,
            Digest(hashing: frame)
        )
        try store.put(bytes: frame, as: object)
        let wal = BackupManifest.WALObject(
            name: name,
            object: String(object.dropFirst(ObjectName.folder(ofCluster: Self.cluster).count)),
            bytes: 4_096
        )
        let manifest = BackupManifest(
            repository: repository.id,
            id: id,
            cluster: Self.cluster,
            previous: try repository.previousManifest(ofCluster: Self.cluster),
            startedAt: id.startedAt,
            finishedAt: id.startedAt.adding(seconds: 60),
            codec: codec.rawValue,
            table: table,
            sizes: .init(logicalBytes: table.bytes, addedBytes: 0, newChunks: 0, deltaChunks: 0, chunks: 0),
            wal: .init(
                timeline: 1,
                startLSN: "0/2000028",
                endLSN: "0/2000100",
                segmentBytes: 4_096,
                objects: [wal],
                histories: []
            ),
            server: Self.server,
            findings: [],
            tool: "recyclicd test"
        )
        let digest = try repository.writeManifest(manifest)
        return BackupSummary(
            manifest,
            object: ObjectName.manifest(cluster: Self.cluster, id: id, digest)
        )
    }

    static let server = ServerFacts(
        version: "15.20",
        versionNumber: 150_020,
        systemIdentifier: cluster,
        timeline: 1,
        dataChecksums: true,
        blockSize: 8_192,
        walSegmentBytes: 4_096,
        databases: [
            .init(
                name: "app",
                oid: 16_384,
                encoding: "UTF8",
                collate: "C",
                ctype: "C",
                provider: "libc",
                allowConnections: true,
                isTemplate: false
            )
        ],
        settings: ["max_connections": "100"]
    )

    /// Deletes a backup, as retention does.
    func delete(_ backup: BackupSummary, day: Int) throws {
        try repository.addMark(.delete, to: backup, by: "test", at: Self.time(day))
    }

    /// Collects garbage as if it were some day.
    @discardableResult
    func collect(
        day: Int,
        store: (any ObjectStore)? = nil,
        damaged: Set<Digest> = [],
        reserve: Int64 = 0,
        deleting doomed: [BackupSummary] = []
    ) throws -> CollectionReport {
        let repository = try store.map { try Repository.open(at: path, store: $0) } ?? repository
        let lock = try repository.lockForWriting()
        defer { lock.release() }
        return try GarbageCollector(
            repository,
            lock: lock,
            damaged: damaged,
            patience: .zero,
            reserve: reserve,
            now: Self.time(day)
        ).run(deleting: doomed)
    }

    func verify(
        full: Bool = true,
        backups: [BackupSummary]? = nil,
        damaged: Set<Digest> = [],
        store: (any ObjectStore)? = nil
    ) throws -> VerifyReport {
        let repository = try store.map { try Repository.open(at: path, store: $0) } ?? repository
        return try Verifier(
            repository,
            options: VerifyOptions(backups: backups, damaged: damaged, isFull: full, scratchFolder: folder.path)
        ).run()
    }

    /// The files of a backup, as a restore would write them.
    func restore(_ object: String) throws -> [String: [UInt8]] {
        let index = try ChunkIndex(store: store)
        let source = try ChunkReader(store: store, index: index)
        let manifest = try repository.manifest(object: object)
        let reader = try FileTableReader(root: manifest.table.root, source: source)
        var files: [String: [UInt8]] = [:]
        while let entry = try reader.next() {
            guard entry.type == .file else { continue }
            var bytes: [UInt8] = []
            var cursor = reader.chunkIDs(of: entry)
            while let id = try cursor.next() { bytes += try source.read(id) }
            files[entry.path] = bytes
        }
        return files
    }

    /// Replaces a data pack by one that is sound in itself, but whose frames decode to other bytes than the chunks' ids say.
    ///
    /// - Returns: The new pack.
    func forge(_ pack: Digest) throws -> Digest {
        let directory = try PackDirectory.read(pack, from: store)
        let reader = try ChunkReader(store: store, index: ChunkIndex(store: store))
        let writer = try PackWriter(kind: directory.kind, codec: directory.codec, store: store)
        for entry in directory.entries {
            let wrong = try reader.read(entry.id).map { $0 ^ 0x20 }
            try encoder.frame(wrong).withUnsafeBytes {
                try writer.append($0, id: entry.id, rawBytes: entry.rawBytes)
            }
        }
        try store.delete(ObjectName.pack(pack))
        for name in try store.names(ObjectName.indexes) { try store.delete(name) }
        return try writer.finish().digest
    }

    /// Whether every existing backup restores byte for byte.
    func allRestore() throws -> Bool {
        try repository.backups().allSatisfy { try restore($0.summary.object) == contents[$0.id] }
    }
}

/// A database that changes a little every day: some files of rows, one of them large enough for a list.
struct ChangingFiles {
    private var generator: SeededGenerator
    private(set) var files: [String: [UInt8]] = [:]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        for number in 0..<4 { files["base/5/\(number)"] = generator.text(5_000) }
        files["base/5/big"] = generator.text(30_000)
        files["base/5/churn"] = generator.bytes(60_000)
        files["PG_VERSION"] = Array("15\n".utf8)
        files["empty"] = []
    }

    /// Changes some bytes and replaces two files: most of what a day stores is unneeded the day after.
    mutating func advance() {
        for path in ["base/5/big", "base/5/1"] {
            for _ in 0..<6 {
                guard let count = files[path]?.count else { continue }
                files[path]?[Int.random(in: 0..<count, using: &generator)] = 88
            }
        }
        files["base/5/2"] = generator.text(6_000)
        files["base/5/churn"] = generator.bytes(60_000)
    }
}
