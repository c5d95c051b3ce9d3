import TestSupport

@testable import Repository

/// Packs with entries made up, and what a right index says of them.
struct IndexModel {
    private(set) var packs: [FinishedPack] = []
    private(set) var copies: [ChunkID: [ChunkLocation]] = [:]
    private var generator: SeededGenerator
    private var ids: [ChunkID] = []

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A pack of new chunks, and some that are known already.
    mutating func makePack(entries count: Int) -> FinishedPack {
        let kind = PackKind.allCases[Int(generator.next() % 3)]
        let pack = generator.digest()
        var entries: [PackEntry] = []
        var offset = 0
        var taken: Set<ChunkID> = []
        for _ in 0..<count {
            var id = generator.digest()
            if generator.next() % 8 == 0, let known = ids.randomElement(using: &generator), !taken.contains(known) {
                id = known
            }
            taken.insert(id)
            let stored = Int(generator.next() % 1000) + 1
            entries.append(
                PackEntry(
                    id: id,
                    offset: offset,
                    storedBytes: stored,
                    rawBytes: Int(generator.next() % 131_072),
                    base: kind == .delta ? ids.randomElement(using: &generator) ?? generator.digest() : nil,
                    depth: kind == .delta ? UInt8(generator.next() % 4 + 1) : 0
                )
            )
            offset += stored
        }
        let finished = FinishedPack(digest: pack, kind: kind, codec: .zstd, bytes: Int64(offset), entries: entries)
        for entry in entries {
            ids.append(entry.id)
            copies[entry.id, default: []].append(finished.location(of: entry))
        }
        packs.append(finished)
        return finished
    }

    /// An id that was never given out.
    mutating func unknownID() -> ChunkID {
        generator.digest()
    }

    /// The ids in some order.
    mutating func shuffledIDs() -> [ChunkID] {
        Array(copies.keys).sorted().shuffled(using: &generator)
    }
}

extension FinishedPack {
    /// Where the index must say that an entry is.
    func location(of entry: PackEntry) -> ChunkLocation {
        ChunkLocation(
            pack: digest,
            kind: kind,
            codec: codec,
            offset: entry.offset,
            storedBytes: entry.storedBytes,
            rawBytes: entry.rawBytes,
            base: entry.base,
            depth: entry.depth
        )
    }
}
