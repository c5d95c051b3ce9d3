import Testing

@testable import Repository

struct LiveMarkerTests {
    private static func pack(_ kind: PackKind, _ name: String, _ entries: [PackEntry]) -> FinishedPack {
        FinishedPack(digest: Digest(hashing: Array(name.utf8)), kind: kind, codec: .zstd, bytes: 100, entries: entries)
    }

    private static func entry(_ id: ChunkID, on base: ChunkID? = nil, depth: UInt8 = 0) -> PackEntry {
        PackEntry(id: id, offset: 0, storedBytes: 10, rawBytes: 20, base: base, depth: depth)
    }

    @Test func `a copy whose chain leads to an avoided pack gives way to a longer chain that is whole`() throws {
        let ids = ["rotten base", "base", "middle", "chunk"].map { Digest(hashing: Array($0.utf8)) }
        let rotten = Self.pack(.data, "rotten", [Self.entry(ids[0])])
        let short = Self.pack(.delta, "short chain", [Self.entry(ids[3], on: ids[0], depth: 1)])
        let base = Self.pack(.data, "base", [Self.entry(ids[1])])
        let middle = Self.pack(.delta, "middle", [Self.entry(ids[2], on: ids[1], depth: 1)])
        let long = Self.pack(.delta, "long chain", [Self.entry(ids[3], on: ids[2], depth: 2)])
        let scratch = try ScratchStore()
        let writer = try IndexWriter(in: scratch.store)
        for pack in [rotten, short, base, middle, long] { try writer.add(pack) }
        let name = try #require(try writer.finish())
        let index = try IndexFile(scratch.store.open(name))
        func livePacks(avoiding: Set<Digest>) throws -> Set<Digest> {
            var marker = LiveMarker(index: index, avoiding: avoiding)
            #expect(try marker.visit(file: ids[3]) == 20)
            return Set(try PackUsage.count(index, live: marker.live).filter { $0.liveBytes > 0 }.map(\.pack.digest))
        }
        #expect(try livePacks(avoiding: []) == [rotten.digest, short.digest])
        #expect(try livePacks(avoiding: [rotten.digest]) == [base.digest, middle.digest, long.digest])
        // Without a whole chain the shortest stays: nothing that is needed is given up.
        #expect(try livePacks(avoiding: [rotten.digest, middle.digest]) == [rotten.digest, short.digest])
    }
}
