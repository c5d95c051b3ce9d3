import Blocking
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite
struct ExtractorTests {
    private static func extract(
        _ backups: TestBackups,
        _ backup: BackupSummary,
        to folder: TemporaryDirectory,
        store: (any ObjectStore)? = nil,
        workers: Int = 2,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter = ProgressMeter()
    ) throws -> ExtractionSummary {
        let repository = try store.map { try Repository.open(at: backups.path, store: $0) } ?? backups.repository
        let manifest = try BackupManifest(decoding: repository.store.get(backup.object), name: backup.object)
        let extractor = try Extractor(
            repository: repository,
            manifest: manifest,
            index: ChunkIndex.openForRestoring(repository.store),
            workers: workers,
            cancellation: cancellation,
            progress: progress
        )
        for name in ["root", "scratch"] { try Program.check("mkdir", [folder.path(name)]) }
        return try extractor.extract(ExtractionLayout(root: folder.path("root")), scratch: folder.path("scratch"))
    }

    /// Files that grow, shrink, share stretches and change in places, day by day.
    private static func days(_ count: Int, seed: UInt64) -> [[String: [UInt8]]] {
        var generator = SeededGenerator(seed: seed)
        var files: [String: [UInt8]] = [:]
        for number in 0..<12 { files["f\(number)"] = generator.text(Int.random(in: 0...30_000, using: &generator)) }
        files["same"] = files["f1"]
        files["zeros"] = [UInt8](repeating: 0, count: 50_000)
        files["pg_wal/x"] = generator.text(100)
        return (0..<count).map { _ in
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) where Bool.random(using: &generator) {
                var bytes = bytes
                for _ in 0..<3 where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 0x20
                }
                if bytes.count > 10, generator.next() % 3 == 0 {
                    bytes.removeLast(Int.random(in: 1...min(bytes.count, 3_000), using: &generator))
                } else if generator.next() % 3 == 0 {
                    bytes += generator.text(1_500)
                }
                files[name] = bytes
            }
            return files
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `every backup's files come out as they went in, deltas and all`(_ seed: UInt64) throws {
        let backups = try TestBackups()
        var summaries: [BackupSummary] = []
        var before: [String: [UInt8]] = [:]
        for (day, files) in Self.days(6, seed: seed).enumerated() {
            summaries.append(try backups.add(day: day, files, deltasFrom: before))
            before = files
        }
        let kinds = try ChunkIndex(store: backups.store).packs.map(\.kind)
        #expect(kinds.contains(.delta))
        for summary in summaries {
            let folder = try TemporaryDirectory()
            let progress = ProgressMeter()
            let result = try Self.extract(backups, summary, to: folder, progress: progress)
            let expected = try #require(backups.contents[summary.id])
            for (name, bytes) in expected {
                #expect(try readFile(folder.path("root/\(name)")) == bytes, "\(summary.id) \(name)")
            }
            #expect(result.files == Int64(expected.count))
            #expect(result.folders == 1)
            let total = expected.values.map { Int64($0.count) }.reduce(0, +)
            #expect(result.bytes == total)
            #expect(progress.snapshot.bytesDone == total)
        }
    }

    @Test
    func `every frame is read once, and packs are read forwards`() throws {
        let backups = try TestBackups()
        let days = Self.days(3, seed: 9)
        try backups.add(day: 0, days[0])
        try backups.add(day: 1, days[1], deltasFrom: days[0])
        let summary = try backups.add(day: 2, days[2], deltasFrom: days[1])
        let folder = try TemporaryDirectory()
        let store = ReadCountingStore(backups.store)
        _ = try Self.extract(backups, summary, to: folder, store: store, workers: 1)
        let packs = try ChunkIndex(store: backups.store).packs.filter { $0.kind != .list }
        let ranges = store.ranges
        var read = 0
        for pack in packs {
            let reads = ranges[ObjectName.pack(pack.digest)] ?? []
            read += reads.count
            if pack.kind == .data {
                for (left, right) in zip(reads, reads.dropFirst()) { #expect(left.upperBound <= right.lowerBound) }
            } else {
                // Each step of deltas reads the pack once more, but never the same frame.
                let chosen = try PackDirectory.read(pack.digest, from: backups.store).entries.map { entry in
                    reads.filter { $0.contains(Int64(entry.offset)) }.count
                }
                #expect(chosen.allSatisfy { $0 <= 3 })
            }
        }
        #expect(read > 0)
    }

    @Test
    func `a damaged chunk is taken from another copy`() throws {
        let backups = try TestBackups()
        var generator = SeededGenerator(seed: 4)
        let files = ["a": generator.text(20_000), "b": generator.text(5_000)]
        let summary = try backups.add(day: 0, files)
        let first = try #require(try dataPacks(backups).first)
        try backups.add(day: 1, files, excluding: [first])
        try damage(backups, first)
        let folder = try TemporaryDirectory()
        _ = try Self.extract(backups, summary, to: folder)
        for (name, bytes) in files { #expect(try readFile(folder.path("root/\(name)")) == bytes) }
    }

    @Test(arguments: [true, false])
    func `a chunk without a sound copy fails with file, chunk and pack`(_ isMissing: Bool) throws {
        let backups = try TestBackups()
        var generator = SeededGenerator(seed: 5)
        let bytes = generator.text(1_000)
        let summary = try backups.add(day: 0, ["only": bytes])
        let pack = try #require(try dataPacks(backups).first)
        if isMissing { try backups.store.delete(ObjectName.pack(pack)) } else { try damage(backups, pack) }
        let folder = try TemporaryDirectory()
        let error = #expect(throws: RepositoryError.self) { try Self.extract(backups, summary, to: folder) }
        #expect(error?.kind == .damaged)
        for part in ["only'", ObjectName.pack(pack), Digest(hashing: bytes).hex] {
            #expect(error?.message.contains(part) == true, "\(error.map { "\($0)" } ?? "")")
        }
        #expect(error?.hint != nil)
    }

    @Test
    func `a base that decodes to other bytes fails the deltas that need it`() throws {
        let backups = try TestBackups()
        var generator = SeededGenerator(seed: 8)
        let first = ["only": generator.text(2_000)]
        let second = first.mapValues { Array($0.dropLast()) + [7] }
        try backups.add(day: 0, first)
        let summary = try backups.add(day: 1, second, deltasFrom: first)
        let forged = try backups.forge(try #require(try dataPacks(backups).first))
        let folder = try TemporaryDirectory()
        let error = #expect(throws: RepositoryError.self) { try Self.extract(backups, summary, to: folder) }
        #expect(error?.kind == .damaged)
        for part in ["only'", ObjectName.pack(forged)] {
            #expect(error?.message.contains(part) == true, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test(arguments: [true, false])
    func `a lost or damaged index costs nothing`(_ isLost: Bool) throws {
        let backups = try TestBackups()
        let days = Self.days(2, seed: 6)
        try backups.add(day: 0, days[0])
        let summary = try backups.add(day: 1, days[1], deltasFrom: days[0])
        for name in try backups.store.names(ObjectName.indexes) {
            if isLost { try backups.store.delete(name) } else { try writeFile("\(backups.path)/\(name)", [1, 2, 3]) }
        }
        let folder = try TemporaryDirectory()
        _ = try Self.extract(backups, summary, to: folder)
        for (name, bytes) in days[1] { #expect(try readFile(folder.path("root/\(name)")) == bytes) }
    }

    @Test
    func `a cancelled extraction ends`() throws {
        let backups = try TestBackups()
        let summary = try backups.add(day: 0, ["a": [1, 2, 3]])
        let cancellation = CancellationFlag()
        cancellation.cancel()
        let folder = try TemporaryDirectory()
        #expect(throws: CancellationError.self) {
            try Self.extract(backups, summary, to: folder, cancellation: cancellation)
        }
    }

    @Test
    func `WAL files come out whole, and a damaged or missing object is named`() throws {
        for codec in [Codec.zstd, .gzip, .none] {
            let backups = try TestBackups(codec: codec)
            let summary = try backups.add(day: 3, ["a": [1]])
            let manifest = try BackupManifest(decoding: backups.store.get(summary.object), name: summary.object)
            let extractor = WALExtractor(
                repository: backups.repository,
                manifest: manifest,
                cancellation: CancellationFlag()
            )
            let good = try TemporaryDirectory()
            try extractor.extract(to: good.path, owner: nil, progress: ProgressMeter())
            let name = try #require(manifest.walObjects.first?.name)
            #expect(try readFile(good.path(name)).count == 4_096)
            let object = try #require(manifest.walObjectNames.first)
            let path = "\(backups.path)/\(object)"
            var bytes = try readFile(path)
            bytes[bytes.count / 2] ^= 1
            try writeFile(path, bytes)
            let (second, third) = try (TemporaryDirectory(), TemporaryDirectory())
            let damaged = #expect(throws: RepositoryError.self) {
                try extractor.extract(to: second.path, owner: nil, progress: ProgressMeter())
            }
            #expect(damaged?.message.contains(object) == true)
            try backups.store.delete(object)
            let missing = #expect(throws: RepositoryError.self) {
                try extractor.extract(to: third.path, owner: nil, progress: ProgressMeter())
            }
            #expect(missing?.message.contains(object) == true)
        }
    }

    private func dataPacks(_ backups: TestBackups) throws -> [Digest] {
        try ChunkIndex(store: backups.store).packs.filter { $0.kind == .data }.map(\.digest)
    }

    /// Changes the first frame's bytes, but not the directory.
    private func damage(_ backups: TestBackups, _ pack: Digest) throws {
        let path = "\(backups.path)/\(ObjectName.pack(pack))"
        var bytes = try readFile(path)
        for entry in try PackDirectory.read(pack, from: backups.store).entries {
            bytes[entry.offset + entry.storedBytes / 2] ^= 0x10
        }
        try writeFile(path, bytes)
    }
}
