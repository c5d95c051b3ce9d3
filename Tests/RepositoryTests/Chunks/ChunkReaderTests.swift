import TestSupport
import Testing

@testable import Repository

@Suite("The chunk reader")
struct ChunkReaderTests {
    /// Chunks of which each is a small change of the one before.
    private static func versions(_ count: Int) -> [TestChunk] {
        var generator = SeededGenerator(seed: 51)
        var bytes = generator.bytes(6000)
        return (0..<count).map { _ in
            bytes = DeltaTests.changed(bytes, places: 2, &generator)
            return TestChunk(bytes)
        }
    }

    /// The first chunk whole, the others as deltas of the one before.
    private static func store(_ chunks: [TestChunk], in store: LocalObjectStore, _ index: ChunkIndex) throws {
        let encoder = try FrameEncoder(codec: .zstd)
        let whole = try PackWriter(kind: .data, codec: .zstd, store: store)
        try whole.append(chunks[0], with: encoder)
        index.add(try whole.finish())
        let delta = try PackWriter(kind: .delta, codec: .zstd, store: store)
        for number in 1..<chunks.count {
            try delta.append(chunks[number], base: chunks[number - 1], depth: UInt8(number), with: encoder)
        }
        index.add(try delta.finish())
    }

    @Test("decodes chains of deltas", arguments: [0, 1 << 20])
    func chains(cacheBytes: Int) throws {
        let scratch = try ScratchStore()
        let index = try ChunkIndex(store: scratch.store)
        let chunks = ChunkReaderTests.versions(ChunkReader.deepestChain + 1)
        try ChunkReaderTests.store(chunks, in: scratch.store, index)
        let reader = try ChunkReader(store: scratch.store, index: index, cacheBytes: cacheBytes)
        for chunk in chunks.reversed() + chunks { #expect(try reader.read(chunk.id) == chunk.bytes) }
    }

    @Test("refuses chains that are too long, and rings")
    func rings() throws {
        let scratch = try ScratchStore()
        let index = try ChunkIndex(store: scratch.store)
        let chunks = ChunkReaderTests.versions(ChunkReader.deepestChain + 2)
        try ChunkReaderTests.store(chunks, in: scratch.store, index)
        let reader = try ChunkReader(store: scratch.store, index: index, cacheBytes: 0)
        let error = #expect(throws: RepositoryError.self) { try reader.read(chunks[chunks.count - 1].id) }
        #expect(error?.kind == .damaged)

        let ring = try PackWriter(kind: .delta, codec: .zstd, store: scratch.store)
        let (one, two) = (TestChunk([1]), TestChunk([2]))
        let encoder = try FrameEncoder(codec: .zstd)
        try ring.append(one, base: two, depth: 1, with: encoder)
        try ring.append(two, base: one, depth: 1, with: encoder)
        index.add(try ring.finish())
        #expect(throws: RepositoryError.self) { try reader.read(one.id) }
    }

    @Test(
        "takes another copy when one is damaged, and names pack and chunk when there is none",
        arguments: Codec.allCases
    )
    func damagedCopies(codec: Codec) throws {
        let scratch = try ScratchStore()
        let index = try ChunkIndex(store: scratch.store)
        let encoder = try FrameEncoder(codec: codec)
        let chunk = TestChunk(Array("some rows of a table, and some more of them".utf8))
        let packs = try (0..<3).map { _ in
            let writer = try PackWriter(kind: .data, codec: codec, store: scratch.store)
            try writer.append(chunk, with: encoder)
            let pack = try writer.finish()
            index.add(pack)
            return pack
        }
        try index.flush()
        for pack in packs {
            let reader = try ChunkReader(store: scratch.store, index: index)
            #expect(try reader.read(chunk.id) == chunk.bytes)
            let path = scratch.folder.path(pack.name)
            var bytes = try readFile(path)
            bytes[pack.entries[0].storedBytes / 2 + 8] ^= 1
            try writeFile(path, bytes)
        }
        let reader = try ChunkReader(store: scratch.store, index: index)
        let error = #expect(throws: RepositoryError.self) { try reader.read(chunk.id) }
        #expect(error?.kind == .damaged)
        #expect(error?.message.contains(chunk.id.hex) == true)
        #expect(packs.contains { error?.message.contains($0.name) == true })
        // Without any file it is damage too: an index names it.
        for pack in packs { try scratch.store.delete(pack.name) }
        let gone = #expect(throws: RepositoryError.self) {
            try ChunkReader(store: scratch.store, index: index).read(chunk.id)
        }
        #expect(gone?.kind == .damaged)
    }

    @Test("refuses bytes that are not the chunk's, however sound their frame is")
    func wrongID() throws {
        let scratch = try ScratchStore()
        let index = try ChunkIndex(store: scratch.store)
        let writer = try PackWriter(kind: .data, codec: .zstd, store: scratch.store)
        let (right, wrong) = (TestChunk([1, 2, 3]), TestChunk([3, 2, 1]))
        try FrameEncoder(codec: .zstd).frame(wrong.bytes).withUnsafeBytes {
            try writer.append($0, id: right.id, rawBytes: 3)
        }
        index.add(try writer.finish())
        let reader = try ChunkReader(store: scratch.store, index: index)
        #expect(throws: RepositoryError.self) { try reader.read(right.id) }
        let unknown = #expect(throws: RepositoryError.self) { try reader.read(wrong.id) }
        #expect(unknown?.kind == .notFound)
    }
}
