import Blocking
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite("Storing streams that change a little")
struct StreamDeltaTests {
    private static let path = "database.dump"

    private static func read(_ scratch: IngestScratch, _ result: IngestResult) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let reader = try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(result))
        try reader.copy(path) { bytes += $0 }
        return bytes
    }

    @Test("a dump of which every chunk has changed a little is stored as differences, day after day")
    func days() throws {
        let scratch = try IngestScratch()
        var dump = ChangingDump(seed: 1, rows: 45_000)
        let first = try scratch.store(streams: [(Self.path, dump.bytes)])
        #expect(first.sizes.newChunks == first.sizes.chunks && first.sizes.chunks > 6)
        var previous = first
        for day in 1...4 {
            dump.advance()
            let next = try scratch.store(streams: [(Self.path, dump.bytes)], previous: previous)
            #expect(next.sizes.deltaChunks * 10 > next.sizes.newChunks * 8, "day \(day): \(next.sizes)")
            #expect(next.sizes.addedBytes * 5 < first.sizes.addedBytes, "day \(day): \(next.sizes)")
            #expect(try Self.read(scratch, next) == dump.bytes)
            let same = try scratch.store(streams: [(Self.path, dump.bytes)], previous: next)
            #expect(same.sizes.newChunks == 0 && same.table == next.table, "day \(day): \(same.sizes)")
            previous = next
        }
        let index = try ChunkIndex(store: scratch.repository.store)
        let table = try FileTableReader(
            root: previous.table.root,
            source: ChunkReader(store: scratch.repository.store, index: index)
        )
        let entry = try #require(try table.next())
        #expect(entry.marks?.count == 1)
        var ids = table.chunkIDs(of: entry)
        var depths: [Int] = []
        while let id = try ids.next() { depths.append(Int(try #require(try index.lookup(id)).depth)) }
        #expect((depths.max() ?? 0) == DeltaPolicy.standard.maxDepth)
    }

    @Test("a dump that begins with another table finds the rest again, cut at the same places")
    func moved() throws {
        let scratch = try IngestScratch()
        var generator = SeededGenerator(seed: 2)
        var dump = ChangingDump(seed: 2, rows: 45_000)
        let first = try scratch.store(streams: [(Self.path, dump.bytes)])
        let new = generator.bytes(2_000_000)
        let unchanged = try scratch.store(streams: [(Self.path, new + dump.bytes)], previous: first)
        #expect(unchanged.sizes.newChunks < 8, "\(unchanged.sizes)")
        dump.advance()
        let changed = try scratch.store(streams: [(Self.path, new + dump.bytes)], previous: first)
        #expect(changed.sizes.deltaChunks >= first.sizes.chunks - 3, "\(changed.sizes)")
        #expect(try Self.read(scratch, changed) == new + dump.bytes)
    }

    @Test("an unchanged dump adds nothing, and gzip stores whole chunks")
    func unchanged() throws {
        let scratch = try IngestScratch()
        var dump = ChangingDump(seed: 3, rows: 30_000)
        let options = IngestOptions(codec: .gzip, workers: 2)
        let first = try scratch.store(streams: [(Self.path, dump.bytes)], options: options)
        let second = try scratch.store(streams: [(Self.path, dump.bytes)], previous: first, options: options)
        #expect(second.sizes.newChunks == 0 && second.sizes.addedBytes == 0 && second.table == first.table)
        dump.advance()
        let third = try scratch.store(streams: [(Self.path, dump.bytes)], previous: second, options: options)
        #expect(third.sizes.deltaChunks == 0 && third.sizes.newChunks > 0)
        #expect(try Self.read(scratch, third) == dump.bytes)
    }

    @Test("a dump so short that it has no cut is a difference too, and an empty one has no chunk")
    func short() throws {
        let scratch = try IngestScratch()
        var dump = ChangingDump(seed: 4, rows: 1_500)
        let first = try scratch.store(streams: [(Self.path, dump.bytes), ("globals.sql", [])])
        #expect(first.sizes.chunks == 1)
        dump.advance()
        let second = try scratch.store(streams: [(Self.path, dump.bytes), ("globals.sql", [])], previous: first)
        #expect(second.sizes.deltaChunks == 1 && second.sizes.newChunks == 1)
        #expect(try Self.read(scratch, second) == dump.bytes)
    }

    @Test("marks that are lost cost differences and nothing else")
    func lostMarks() throws {
        let scratch = try IngestScratch()
        var dump = ChangingDump(seed: 5, rows: 45_000)
        let first = try scratch.store(streams: [(Self.path, dump.bytes)])
        let reader = try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(first))
        var entry = try #require(try reader.entries().first)
        var generator = SeededGenerator(seed: 5)
        for marks in [nil, [generator.digest()], entry.lists ?? []] as [[ChunkID]?] {
            entry.marks = marks
            let forged = try scratch.storeTable([entry])
            dump.advance()
            let second = try scratch.store(streams: [(Self.path, dump.bytes)], previous: forged)
            // The first chunk needs no mark, and with marks that are wrong two more are taken by their order.
            #expect(second.sizes.deltaChunks <= 3 && second.sizes.newChunks > 6, "\(second.sizes)")
            #expect(try Self.read(scratch, second) == dump.bytes)
        }
    }

    @Test("files and streams share a session, and each is cut its own way")
    func mixed() throws {
        let scratch = try IngestScratch()
        var generator = SeededGenerator(seed: 6)
        let stream = generator.bytes(5_000_000)
        let file = generator.bytes(3 * RepositoryHeader.standardChunkBytes)
        let result = try scratch.store([("a", file)], streams: [("b", stream), ("c", stream)])
        let reader = try BackupFileReader(repository: scratch.repository, manifest: scratch.manifest(result))
        let entries = try reader.entries()
        #expect(entries.map { $0.chunks?.count }[0] == 3)
        #expect(entries[0].marks == nil && entries[1].marks != nil)
        // Equal bytes are stored once.
        #expect(result.sizes.newChunks < result.sizes.chunks)
        #expect(try scratch.read(result) == ["a": file, "b": stream, "c": stream])
    }
}
