import TestSupport
import Testing

@testable import Repository

@Suite("Packs")
struct PackTests {
    @Test("decode with zstd and gzip to the run of their chunks", arguments: Codec.allCases, [PackKind.data, .list])
    func foreignJudge(codec: Codec, kind: PackKind) throws {
        var generator = SeededGenerator(seed: 11)
        let scratch = try ScratchStore()
        let encoder = try FrameEncoder(codec: codec)
        let writer = try PackWriter(kind: kind, codec: codec, store: scratch.store)
        var whole: [UInt8] = []
        for length in [128 << 10, 1, 7000, 200_000, 128 << 10] {
            let chunk = TestChunk(generator.text(length))
            try writer.append(chunk, with: encoder)
            whole += chunk.bytes
        }
        let pack = try writer.finish()
        let path = scratch.folder.path(pack.name)
        #expect(try Digest(hashing: readFile(path)) == pack.digest)
        #expect(try scratch.store.size(of: pack.name) == pack.bytes)
        let compressed = scratch.folder.path(codec == .gzip ? "pack.gz" : "pack.zst")
        try writeFile(compressed, readFile(path))
        try Program.check(codec == .gzip ? "gzip" : "zstd", ["-q", "-d", "-k", compressed])
        #expect(try readFile(scratch.folder.path("pack")) == whole)
        #expect(try scratch.store.names("tmp/").isEmpty)
    }

    @Test("of every kind give back their directory", arguments: Codec.allCases, PackKind.allCases)
    func directory(codec: Codec, kind: PackKind) throws {
        var generator = SeededGenerator(seed: 12)
        let scratch = try ScratchStore()
        let writer = try PackWriter(kind: kind, codec: codec, store: scratch.store)
        for number in 0..<50 {
            let frame = generator.bytes(1 + number * 10)
            try frame.withUnsafeBytes {
                try writer.append(
                    $0,
                    id: generator.digest(),
                    rawBytes: number,
                    base: kind == .delta ? generator.digest() : nil,
                    depth: kind == .delta ? UInt8(number + 1) : 0
                )
            }
        }
        let entries = writer.entries
        let pack = try writer.finish()
        let read = try PackDirectory.read(pack.digest, from: scratch.store)
        #expect(read == PackDirectory(kind: kind, codec: kind == .delta ? .zstd : codec, entries: entries))
        #expect(try FinishedPack(reading: pack.digest, from: scratch.store).bytes == pack.bytes)
    }

    @Test("have directories of any number of parts", arguments: Codec.allCases, [0, 1, 1637, 1638, 5000, 32_768])
    func manyEntries(codec: Codec, count: Int) throws {
        // 1,637 entries are the most that fit into one part of a gzip pack.
        var generator = SeededGenerator(seed: 13)
        let scratch = try ScratchStore()
        let entries = (0..<count).map { PackEntry(id: generator.digest(), offset: $0, storedBytes: 1, rawBytes: 9) }
        let directory = PackDirectory(kind: .list, codec: codec, entries: entries)
        let bytes = [UInt8](repeating: 7, count: count) + directory.encoded(nonce: (1, 2))
        let name = try PackTests.put(bytes, into: scratch.store)
        #expect(try PackDirectory.read(scratch.store.open(name)) == directory)
        if codec == .gzip, count > 0 {
            // The parts are gzip members without contents.
            let path = scratch.folder.path("parts.gz")
            try writeFile(path, Array(bytes.dropFirst(count)))
            #expect(try Program.check("gzip", ["-d", "-c", path]).isEmpty)
        }
    }

    @Test("differ even when they hold the same")
    func nonce() throws {
        let scratch = try ScratchStore()
        let encoder = try FrameEncoder(codec: .zstd)
        let packs = try (0..<2).map { _ in
            let writer = try PackWriter(kind: .data, codec: .zstd, store: scratch.store)
            try writer.append(TestChunk([1, 2, 3]), with: encoder)
            return try writer.finish().digest
        }
        #expect(packs[0] != packs[1])
    }

    @Test("leave nothing behind when they are dropped")
    func dropped() throws {
        let scratch = try ScratchStore()
        do {
            let writer = try PackWriter(kind: .data, codec: .none, store: scratch.store)
            try writer.append(TestChunk([UInt8](repeating: 1, count: 400_000)), with: FrameEncoder(codec: .none))
        }
        #expect(try Program.check("find", [scratch.folder.path, "-type", "f"]).isEmpty)
    }

    @Test("are full at 16 MiB")
    func full() throws {
        let scratch = try ScratchStore()
        let writer = try PackWriter(kind: .data, codec: .none, store: scratch.store)
        let frame = FrameBuffer()
        defer { withExtendedLifetime(frame) {} }
        [UInt8](repeating: 1, count: 1 << 20).withUnsafeBytes { frame.copy($0) }
        for number in 0..<16 {
            #expect(!writer.isFull)
            try writer.append(frame.bytes, id: Digest(hashing: [UInt8(number)]), rawBytes: 9)
        }
        #expect(writer.isFull)
    }

    @Test("with a damaged end are an error that names the object, or still the same", arguments: Codec.allCases)
    func flippedBits(codec: Codec) throws {
        var generator = SeededGenerator(seed: 14)
        let entries = (0..<40).map { PackEntry(id: generator.digest(), offset: 10 * $0, storedBytes: 10, rawBytes: 20) }
        let directory = PackDirectory(kind: .data, codec: codec, entries: entries)
        let good = [UInt8](repeating: 7, count: 400) + directory.encoded(nonce: (1, 2))
        for _ in 0..<300 {
            var bad = good
            let place = 400 + Int(generator.next() % UInt64(good.count - 400))
            bad[place] ^= 1 << UInt8(generator.next() % 8)
            let object = BytesHandle(bad)
            do {
                let read = try PackDirectory.read(object)
                // Ids, chunk lengths and the random bytes are not what a directory's form tells.
                #expect(read.entries.map(\.storedBytes) == entries.map(\.storedBytes))
            } catch let error as RepositoryError {
                #expect(error.kind == .damaged && error.message.contains(object.name))
            }
        }
        for length in stride(from: 0, to: good.count, by: 17) {
            #expect(throws: RepositoryError.self) { try PackDirectory.read(BytesHandle(Array(good.prefix(length)))) }
        }
        for length in 0..<64 {
            #expect(throws: RepositoryError.self) { try PackDirectory.read(BytesHandle(generator.bytes(length))) }
        }
    }

    private static func put(_ bytes: [UInt8], into store: LocalObjectStore) throws -> String {
        let name = ObjectName.pack(Digest(hashing: bytes))
        try store.put(bytes: bytes, as: name)
        return name
    }
}
