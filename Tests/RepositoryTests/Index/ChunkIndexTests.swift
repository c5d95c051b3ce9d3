import TestSupport
import Testing

@testable import Repository

@Suite("The chunk index")
struct ChunkIndexTests {
    @Test("knows every copy of every chunk: pending, flushed, merged and opened again")
    func allCopies() throws {
        let scratch = try ScratchStore()
        var model = IndexModel(seed: 41)
        let index = try ChunkIndex(store: scratch.store)
        for round in 0..<6 {
            for _ in 0..<4 { index.add(model.makePack(entries: 150)) }
            try check(index, against: &model)
            if round % 2 == 0 {
                #expect(try index.flush() != nil)
                #expect(index.pendingCount == 0)
                try check(index, against: &model)
            }
        }
        try index.flush()
        #expect(try index.flush() == nil)
        #expect(index.fileCount == 4)
        try check(ChunkIndex(store: scratch.store), against: &model)
        try index.consolidate()
        #expect(try scratch.store.names(ObjectName.indexes).count == 1)
        try check(index, against: &model)
        try check(ChunkIndex(store: scratch.store), against: &model)
        // Consolidating what is one already makes the same object, which must not be deleted then.
        let name = try index.consolidate()
        #expect(try scratch.store.names(ObjectName.indexes) == [name])
        try check(index, against: &model)
    }

    @Test("is the same when its writer sorts on disk")
    func writerSpills() throws {
        let scratch = try ScratchStore()
        var model = IndexModel(seed: 42)
        let writer = try IndexWriter(in: scratch.store, memory: 64 << 10)
        for _ in 0..<15 { try writer.add(model.makePack(entries: 2000)) }
        let name = try writer.finish()
        #expect(try scratch.store.names(ObjectName.indexes) == [name])
        #expect(
            try Digest(hashing: readFile(scratch.folder.path(#require(name)))) == ObjectName.digest(of: #require(name))
        )
        try check(ChunkIndex(store: scratch.store), against: &model, some: 2000)
    }

    @Test("of nothing is nothing")
    func empty() throws {
        let scratch = try ScratchStore()
        #expect(try IndexWriter(in: scratch.store).finish() == nil)
        let index = try ChunkIndex(store: scratch.store)
        #expect(try index.flush() == nil && index.consolidate() == nil)
        #expect(try index.lookup(Digest(hashing: [])) == nil)
        #expect(try index.lookupAll(Digest(hashing: [])).isEmpty)
        #expect(index.positionCount == 0)
        #expect(try Program.check("find", [scratch.folder.path, "-type", "f"]).isEmpty)
    }

    @Test("takes chunks of excluded packs for unknown, and drops packs with their bases")
    func excluding() throws {
        let scratch = try ScratchStore()
        var model = IndexModel(seed: 43)
        let writer = ChunkIndexTests.index(of: (0..<12).map { _ in model.makePack(entries: 100) })
        let excluded = Set(model.packs.enumerated().filter { $0.offset % 3 == 0 }.map(\.element.digest))
        try writer(scratch.store)
        let index = try ChunkIndex(store: scratch.store, excluding: excluded)
        try check(index, against: &model, without: excluded)
        let more = model.packs[1].digest
        index.exclude(pack: more)
        try check(index, against: &model, without: excluded.union([more]))
        #expect(index.names(pack: more))

        let before = index.snapshotFiles().reduce(0) { $0 + $1.baseCount }
        try index.consolidate(dropping: excluded)
        try check(index, against: &model, without: excluded.union([more]))
        try check(ChunkIndex(store: scratch.store), against: &model, without: excluded)
        #expect(excluded.allSatisfy { !index.names(pack: $0) })
        #expect(index.snapshotFiles()[0].baseCount < before)
        #expect(try index.consolidate(dropping: Set(model.packs.map(\.digest))) == nil)
        #expect(try scratch.store.names(ObjectName.indexes).isEmpty)
    }

    @Test("gives every entry a position")
    func positions() throws {
        let scratch = try ScratchStore()
        var model = IndexModel(seed: 44)
        for _ in 0..<3 {
            let write = ChunkIndexTests.index(of: (0..<2).map { _ in model.makePack(entries: 80) })
            try write(scratch.store)
        }
        let index = try ChunkIndex(store: scratch.store)
        #expect(index.positionCount == 480)
        var next = 0
        var found: [ChunkID: [ChunkLocation]] = [:]
        try index.visitEntries { position, id, location in
            #expect(position == next)
            next += 1
            found[id, default: []].append(location)
            let entry = try index.entry(at: position)
            #expect(entry.id == id && entry.location == location)
        }
        #expect(found.mapValues(Set.init) == model.copies.mapValues(Set.init))
        for (id, copies) in model.copies {
            var positions: [Int] = []
            try index.visitPositions(of: id) { positions.append($0) }
            #expect(try Set(positions.map { try index.entry(at: $0).location }) == Set(copies))
        }
    }

    @Test("says which object is damaged, and goes on without it")
    func damaged() throws {
        let scratch = try ScratchStore()
        var model = IndexModel(seed: 45)
        let write = ChunkIndexTests.index(of: [model.makePack(entries: 50)])
        try write(scratch.store)
        let name = try #require(try scratch.store.names(ObjectName.indexes).first)
        let good = try readFile(scratch.folder.path(name))
        for length in [0, 3, 1000, good.count - 1] {
            try writeFile(scratch.folder.path(name), Array(good.prefix(length)))
            let index = try ChunkIndex(store: scratch.store)
            #expect(index.damaged.count == 1 && index.damaged[0].error.message.contains(name))
            #expect(try index.lookup(model.shuffledIDs()[0]) == nil)
        }
        // Any flipped bit gives an error or an answer, never a trap.
        var generator = SeededGenerator(seed: 46)
        let ids = model.shuffledIDs()
        for _ in 0..<150 {
            var bad = good
            bad[Int(generator.next() % UInt64(bad.count))] ^= 1 << UInt8(generator.next() % 8)
            guard let file = try? IndexFile(BytesHandle(bad)) else { continue }
            for id in ids.prefix(10) {
                try? file.visit(id) { _, entry in
                    _ = try file.location(entry)
                    return true
                }
            }
        }
    }

    @Test("finds ids however they are spread", arguments: [1, 2, 100, 5000])
    func skewed(count: Int) throws {
        let scratch = try ScratchStore()
        var generator = SeededGenerator(seed: 47)
        // All ids share their first bytes, and most of them the next ones too: no interpolation helps here.
        let ids = (0..<count).map { number in
            var bytes = [UInt8](repeating: 7, count: 24) + generator.bytes(8)
            bytes[4] = number % 5 == 0 ? UInt8(truncatingIfNeeded: generator.next()) : 7
            return bytes.withUnsafeBytes { Digest(loading: $0) }
        }
        let pack = FinishedPack(
            digest: generator.digest(),
            kind: .data,
            codec: .none,
            bytes: 0,
            entries: ids.enumerated().map { PackEntry(id: $1, offset: $0, storedBytes: 1, rawBytes: 1) }
        )
        try ChunkIndexTests.index(of: [pack])(scratch.store)
        let index = try ChunkIndex(store: scratch.store)
        for (number, id) in ids.enumerated() { #expect(try index.lookup(id)?.offset == number) }
        #expect(try index.lookup(generator.digest()) == nil)
    }

    @Test("adopts packs that no index names, and leaves damaged and excluded ones")
    func orphans() throws {
        let scratch = try ScratchStore()
        let encoder = try FrameEncoder(codec: .gzip)
        var chunks: [TestChunk] = []
        var packs: [FinishedPack] = []
        for number in 0..<4 {
            let writer = try PackWriter(kind: .data, codec: .gzip, store: scratch.store)
            chunks.append(TestChunk([UInt8](repeating: UInt8(number), count: 100)))
            try writer.append(chunks[number], with: encoder)
            packs.append(try writer.finish())
        }
        let writer = try IndexWriter(in: scratch.store)
        try writer.add(packs[0])
        _ = try writer.finish()
        try writeFile(scratch.folder.path(packs[3].name), [1, 2, 3])

        let index = try ChunkIndex(store: scratch.store, excluding: [packs[2].digest])
        #expect(try OrphanPacks.find(in: scratch.store, index: index) == [packs[1].digest, packs[3].digest].sorted())
        let adoption = try OrphanPacks.adopt(in: scratch.store, index: index)
        #expect(adoption.adopted == [packs[1].digest])
        #expect(adoption.damaged.map(\.pack) == [packs[3].digest])
        let known = try chunks.map { try ChunkIndex(store: scratch.store).contains($0.id) }
        #expect(known == [true, true, false, false])
        #expect(try OrphanPacks.find(in: scratch.store, index: index) == [packs[3].digest])
    }

    @Test("is not merged with damage: the packs of a damaged object are read again")
    func damagedMerge() throws {
        let scratch = try ScratchStore()
        let encoder = try FrameEncoder(codec: .zstd)
        var ids: [ChunkID] = []
        for number in 0..<3 {
            let pack = try PackWriter(kind: .data, codec: .zstd, store: scratch.store)
            let chunk = TestChunk([UInt8(number)])
            try pack.append(chunk, with: encoder)
            ids.append(chunk.id)
            try ChunkIndexTests.index(of: [pack.finish()])(scratch.store)
        }
        let index = try ChunkIndex(store: scratch.store)
        let bad = try #require(try scratch.store.names(ObjectName.indexes).last)
        var bytes = try readFile(scratch.folder.path(bad))
        bytes[IndexLayout.entriesStart + 5] ^= 4
        try writeFile(scratch.folder.path(bad), bytes)
        try index.consolidate()
        try checkThat(index, in: scratch.store, knows: ids)

        // The same when the damage shows as soon as the object is opened.
        try writeFile(scratch.folder.path(scratch.store.names(ObjectName.indexes)[0]), [1, 2, 3])
        let reopened = try ChunkIndex(store: scratch.store)
        #expect(reopened.damaged.count == 1)
        _ = try OrphanPacks.adopt(in: scratch.store, index: reopened)
        try checkThat(reopened, in: scratch.store, knows: ids)
    }

    /// The chunks hold a byte each, counted from 0.
    private func checkThat(_ index: ChunkIndex, in store: LocalObjectStore, knows ids: [ChunkID]) throws {
        for index in [index, try ChunkIndex(store: store)] {
            let reader = try ChunkReader(store: store, index: index)
            for (number, id) in ids.enumerated() { #expect(try reader.read(id) == [UInt8(number)]) }
            #expect(index.positionCount == 3)
        }
    }

    private static func index(of packs: [FinishedPack]) -> (LocalObjectStore) throws -> Void {
        { store in
            let writer = try IndexWriter(in: store)
            for pack in packs { try writer.add(pack) }
            _ = try writer.finish()
        }
    }

    private func check(
        _ index: ChunkIndex,
        against model: inout IndexModel,
        without excluded: Set<Digest> = [],
        some: Int = .max
    ) throws {
        for id in model.shuffledIDs().prefix(some) {
            let expected = (model.copies[id] ?? []).filter { !excluded.contains($0.pack) }
            let found = try index.lookupAll(id)
            #expect(Set(found) == Set(expected) && found.count == expected.count)
            #expect(found.map(\.depth) == found.map(\.depth).sorted())
            #expect(try index.lookup(id)?.depth == expected.map(\.depth).min())
            #expect(try index.contains(id) == !expected.isEmpty)
        }
        for _ in 0..<20 {
            let unknown = model.unknownID()
            #expect(try index.lookup(unknown) == nil && !index.contains(unknown))
        }
    }
}
