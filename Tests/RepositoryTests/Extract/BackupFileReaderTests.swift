import Blocking
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite("Reading one file of a backup from beginning to end")
struct BackupFileReaderTests {
    private static func stream(seed: UInt64, count: Int = 6_000_000) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return generator.text(count)
    }

    @Test("gives the bytes that were stored, their length and checksum", arguments: Codec.allCases)
    func bytes(codec: Codec) throws {
        let scratch = try IngestScratch()
        let bytes = Self.stream(seed: 1)
        let result = try scratch.store(
            [("empty", []), ("globals.sql", Array("CREATE ROLE a;\n".utf8))],
            streams: [("database.dump", bytes)],
            options: IngestOptions(codec: codec, workers: 2)
        )
        #expect(result.sizes.chunks > 8)
        for workers in [1, 3] {
            let reader = try BackupFileReader(
                repository: scratch.repository,
                manifest: scratch.manifest(result),
                workers: workers
            )
            #expect(try reader.entries().map(\.path) == ["database.dump", "empty", "globals.sql"])
            var read: [UInt8] = []
            let copied = try reader.copy("database.dump") { read += $0 }
            #expect(read == bytes)
            #expect(copied.size == Int64(bytes.count))
            #expect(copied.checksum == bytes.withUnsafeBytes { CRC32C(of: $0) })
            var text: [UInt8] = []
            try reader.copy("globals.sql") { text += $0 }
            #expect(text == Array("CREATE ROLE a;\n".utf8))
            var calls = 0
            #expect(try reader.copy("empty") { _ in calls += 1 }.size == 0)
            #expect(calls == 0)
            let error = #expect(throws: RepositoryError.self) { try reader.copy("other") { _ in } }
            #expect(error?.kind == .notFound)
        }
    }

    @Test("hands on nothing of a damaged chunk, and names file, chunk and pack")
    func damage() throws {
        let scratch = try IngestScratch()
        let bytes = Self.stream(seed: 2)
        let result = try scratch.store(streams: [("database.dump", bytes)])
        let index = try ChunkIndex(store: scratch.repository.store)
        let pack = try #require(index.packs.first { $0.kind == .data }).digest
        // The last frame of the pack, which is one of the last chunks.
        let directory = try PackDirectory.read(pack, from: scratch.repository.store)
        let end = directory.entries.reduce(0) { $0 + $1.storedBytes }
        let path = "\(scratch.repository.path)/\(ObjectName.pack(pack))"
        #expect(chmod(path, 0o600) == 0)
        let file = try OpenFile.open(path, O_RDWR)
        try [UInt8](repeating: 0, count: 64).withUnsafeBytes { try file.write($0, at: Int64(end - 200)) }

        let reader = try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(result))
        var read: [UInt8] = []
        let error = #expect(throws: RepositoryError.self) { try reader.copy("database.dump") { read += $0 } }
        #expect(error?.kind == .damaged)
        #expect(error?.message.contains("file 'database.dump'") == true)
        #expect(error?.message.contains(ObjectName.pack(pack)) == true)
        #expect(!read.isEmpty && read.count < bytes.count && bytes.starts(with: read))
    }

    @Test("ends with the error of whoever takes the bytes, and when it is cancelled")
    func ends() throws {
        struct Full: Error {}
        let scratch = try IngestScratch()
        let result = try scratch.store(streams: [("database.dump", Self.stream(seed: 3))])
        let cancellation = CancellationFlag()
        let reader = try BackupFileReader(
            repository: scratch.repository,
            manifest: scratch.manifest(result),
            cancellation: cancellation
        )
        var calls = 0
        #expect(throws: Full.self) {
            try reader.copy("database.dump") { _ in
                calls += 1
                if calls == 2 { throw Full() }
            }
        }
        #expect(calls == 2)
        #expect(throws: CancellationError.self) {
            try reader.copy("database.dump") { _ in cancellation.cancel() }
        }
    }

    @Test("a size in the file table that the chunks don't have is damage")
    func wrongSize() throws {
        let scratch = try IngestScratch()
        let result = try scratch.store(streams: [("database.dump", Self.stream(seed: 4, count: 3_000_000))])
        var entry = try #require(
            try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(result)).entries().first
        )
        for wrong in [2_999_999, 3_000_001] as [Int64] {
            entry.size = wrong
            let forged = try scratch.storeTable([entry])
            let reader = try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(forged))
            let error = #expect(throws: RepositoryError.self) { try reader.copy("database.dump") { _ in } }
            #expect(error?.kind == .damaged)
        }
    }
}
