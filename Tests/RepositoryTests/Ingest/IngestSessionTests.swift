import Blocking
import Synchronization
import TestSupport
import Testing

@testable import Repository

@Suite("A session that stores files")
struct IngestSessionTests {
    @Test func `memory does not grow with the machine's processors`() {
        #expect([1, 2, 4, 64].map { IngestOptions.defaultWorkers(cores: $0) } == [1, 2, 4, 4])
        #expect([1, 2, 6, 8, 64].map { IngestOptions(workers: $0).chunksInFlight } == [8, 8, 8, 10, 10])
    }

    private static let chunkBytes = RepositoryHeader.standardChunkBytes

    /// Files of all the lengths that matter: empty, one chunk more or less, many chunks.
    private static func files(seed: UInt64 = 1) -> [(path: String, bytes: [UInt8])] {
        var generator = SeededGenerator(seed: seed)
        return [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 10 * chunkBytes + 7].map { length in
            ("base/\(length)", generator.bytes(length))
        }
    }

    @Test("gives back every byte, with the right checksums", arguments: Codec.allCases)
    func roundTrip(codec: Codec) throws {
        let scratch = try IngestScratch()
        let files = Self.files()
        let told = Mutex<[IngestedFile]>([])
        let result = try scratch.store(files, options: IngestOptions(codec: codec, workers: 3)) { file in
            told.withLock { $0.append(file) }
        }
        #expect(result.table.files == files.count)
        #expect(result.table.bytes == files.reduce(0) { $0 + Int64($1.bytes.count) })
        #expect(result.sizes.chunks == 16 && result.sizes.newChunks == 16 && result.sizes.deltaChunks == 0)
        #expect(
            told.withLock { $0 }
                == files.map { file in
                    IngestedFile(
                        path: Array(file.path.utf8),
                        size: Int64(file.bytes.count),
                        checksum: file.bytes.withUnsafeBytes { CRC32C(of: $0) }
                    )
                }
        )
        let read = try scratch.read(result)
        #expect(read.count == files.count)
        for file in files { #expect(read[file.path] == file.bytes, "\(file.path)") }
    }

    @Test("stores nothing of what is there already, beside a little for the table")
    func unchanged() throws {
        let scratch = try IngestScratch()
        let first = try scratch.store(Self.files())
        let second = try scratch.store(Self.files(), previous: first)
        #expect(second.sizes.newChunks == 0)
        #expect(second.sizes.addedBytes == 0)
        #expect(second.table == first.table)
        // Alone it would take what the first one took: its chunks, without lists and indexes.
        let stored = try #require(first.sizes.storedBytes)
        #expect(second.sizes.storedBytes == stored)
        #expect(stored > first.sizes.addedBytes / 2 && stored < first.sizes.addedBytes)
    }

    @Test("stores equal chunks once, however many come at the same time")
    func equalChunks() throws {
        let scratch = try IngestScratch()
        let chunk = Self.files()[3].bytes
        let files = (0..<40).map { ("f\($0)", chunk) }
        let result = try scratch.store(files, options: IngestOptions(workers: 4))
        #expect(result.sizes.chunks == 40)
        #expect(result.sizes.newChunks == 1)
        #expect(try scratch.read(result).values.allSatisfy { $0 == chunk })
    }

    @Test("stores changed ranges as deltas day after day, with chains no deeper than the policy says")
    func deltas() throws {
        let scratch = try IngestScratch()
        var generator = SeededGenerator(seed: 3)
        var bytes = generator.bytes(9 * Self.chunkBytes)
        let options = IngestOptions(workers: 2, deltas: DeltaPolicy(maxDepth: 3, maxFraction: 0.5, jitter: 0))
        var results = [try scratch.store([("heap", bytes)], options: options)]
        var versions = [bytes]
        for day in 1...7 {
            for chunk in 0..<9 where chunk != 4 {
                let place = chunk * Self.chunkBytes + Int.random(in: 0..<Self.chunkBytes, using: &generator)
                bytes[place] ^= 0x55
            }
            let result = try scratch.store([("heap", bytes)], previous: results[day - 1], options: options)
            #expect(result.sizes.newChunks == 8)
            #expect(result.sizes.deltaChunks == 8)
            #expect(result.sizes.addedBytes < 20_000)
            // A difference needs what it is a difference from.
            #expect(try #require(result.sizes.storedBytes) >= #require(results[0].sizes.storedBytes))
            results.append(result)
            versions.append(bytes)
        }
        let index = try ChunkIndex(store: scratch.repository.store)
        var depths: Set<UInt8> = []
        try index.visitEntries { _, _, location in depths.insert(location.depth) }
        #expect(depths == [0, 1, 2, 3])
        for (result, bytes) in zip(results, versions) { #expect(try scratch.read(result)["heap"] == bytes) }
    }

    @Test("stores a range whole that has nothing in common with its earlier version")
    func replaced() throws {
        let scratch = try IngestScratch()
        let first = try scratch.store(Self.files(seed: 1))
        let second = try scratch.store(Self.files(seed: 2), previous: first)
        #expect(second.sizes.newChunks == 16 && second.sizes.deltaChunks == 0)
    }

    @Test("takes chunks for unknown that are only in packs to be swept, and makes no delta of them")
    func tombstones() throws {
        let scratch = try IngestScratch()
        let first = try scratch.store(Self.files())
        let packs = try scratch.repository.store.names(ObjectName.packs)
        let tombstone = Tombstone(at: .now, objects: packs, reason: "test")
        let bytes = try RepositoryJSON.encode(tombstone)
        try scratch.repository.store.put(
            bytes: bytes,
            as: ObjectName.tombstone(at: .now, Digest(hashing: bytes))
        )
        var files = Self.files()
        files[5].bytes[5] ^= 1
        let second = try scratch.store(files, previous: first)
        #expect(second.sizes.newChunks == 16 && second.sizes.deltaChunks == 0)
        for pack in packs { try scratch.repository.store.delete(pack) }
        let read = try scratch.read(second)
        for file in files { #expect(read[file.path] == file.bytes) }
    }

    @Test("finds packs again that no index names")
    func orphans() throws {
        let scratch = try IngestScratch()
        let first = try scratch.store(Self.files())
        for index in try scratch.repository.store.names(ObjectName.indexes) {
            try scratch.repository.store.delete(index)
        }
        let second = try scratch.store(Self.files(), previous: first)
        #expect(second.sizes.newChunks == 0)
        #expect(try scratch.read(second)["base/\(10 * Self.chunkBytes + 7)"] == Self.files()[5].bytes)
    }

    @Test("ends with the store's error wherever it dies, and the next session succeeds", arguments: 0..<4)
    func dyingStore(changes: Int) throws {
        let scratch = try IngestScratch()
        let store = FaultInjectingStore(scratch.repository.store, dyingAfter: changes)
        do {
            _ = try scratch.store(Self.files(), through: store)
            // It needs fewer changes than were allowed.
            #expect(changes >= 3)
        } catch let error as RepositoryError {
            #expect(error.kind == .inputOutput)
        }
        let result = try scratch.store(Self.files())
        let read = try scratch.read(result)
        for file in Self.files() { #expect(read[file.path] == file.bytes) }
    }

    @Test("ends soon when it is cancelled; the next one uses again what was stored")
    func cancel() throws {
        let scratch = try IngestScratch()
        let cancellation = CancellationFlag()
        #expect(throws: CancellationError.self) {
            try scratch.store(Self.files(), cancellation: cancellation) { file in
                if file.path.elementsEqual("base/\(Self.chunkBytes)".utf8) { cancellation.cancel() }
            }
        }
        let result = try scratch.store(Self.files())
        #expect(try scratch.read(result).count == 6)
    }

    @Test("ends with the error of the caller's function")
    func callerError() throws {
        struct Refusal: Error {}
        let scratch = try IngestScratch()
        #expect(throws: Refusal.self) {
            try scratch.store(Self.files()) { _ in throw Refusal() }
        }
    }

    @Test("refuses paths that lead elsewhere", arguments: ["../x", "/etc/passwd", "a/../../b", "", "a//b", "./a"])
    func unsafePath(path: String) throws {
        let scratch = try IngestScratch()
        #expect(throws: RepositoryError.self) { try scratch.store([(path, [1])]) }
    }

    @Test("keeps a damaged table of the backup before from doing more harm than costing deltas")
    func damagedPrevious() throws {
        let scratch = try IngestScratch()
        let first = try scratch.store(Self.files())
        let lost = IngestResult(
            table: BackupManifest.Table(root: ChunkID(hashing: [1, 2, 3]), files: 1, bytes: 1),
            sizes: first.sizes
        )
        let second = try scratch.store(Self.files(), previous: lost)
        #expect(second.sizes.newChunks == 0)
    }
}
