import TestSupport
import Testing

@testable import Repository

@Suite("Cutting a stream by what it holds")
struct StreamCutterTests {
    /// Small chunks, so that a little text has many.
    private static let cutting = StreamCutting(chunkBytes: 1_024)

    /// The chunks of some bytes that come in pieces, the last one included.
    private static func chunks(
        _ bytes: [UInt8],
        _ cutting: StreamCutting = cutting,
        isKnown: ((UInt64) -> Bool)? = nil,
        piece: () -> Int = { 4_000 }
    ) -> [ArraySlice<UInt8>] {
        var cutter = StreamCutter(cutting)
        var chunks: [ArraySlice<UInt8>] = []
        var (start, position) = (0, 0)
        while position < bytes.count {
            let taken = bytes[position..<min(bytes.count, position + piece())].withUnsafeBytes {
                cutter.take($0, isKnown: isKnown)
            }
            position += taken.count
            guard taken.mark != nil else { continue }
            chunks.append(bytes[start..<position])
            start = position
        }
        if start < bytes.count { chunks.append(bytes[start...]) }
        return chunks
    }

    /// Where the chunks of some bytes end.
    private static func cuts(_ chunks: [ArraySlice<UInt8>]) -> [Int] { chunks.map(\.endIndex) }

    @Test("the table is the one that the format's documentation tells how to make")
    func table() {
        #expect(GearTable.numbers.count == 256)
        #expect(GearTable.numbers[0] == Digest(hashing: Array("recyclic gear 0".utf8)).prefix)
        #expect(Set(GearTable.numbers).count == 256)
        // Counted with: printf 'recyclic gear 255' | sha256sum
        #expect(GearTable.numbers[255] == 0xBDA0_1D98_072C_01A4)
    }

    @Test("the same bytes are cut alike whatever pieces they come in", arguments: 1...8)
    func pieces(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.text(60_000) + generator.bytes(20_000) + [UInt8](repeating: 7, count: 10_000)
        let expected = Self.cuts(Self.chunks(bytes))
        #expect(expected.count > 20)
        for longest in [1, 7, 63, 64, 65, 1_000, 90_000] {
            let cuts = Self.cuts(Self.chunks(bytes, piece: { Int.random(in: 1...longest, using: &generator) }))
            #expect(cuts == expected, "pieces of up to \(longest) bytes")
        }
        // So too where cuts are looked for that were there before.
        let isKnown = { (mark: UInt64) in mark & 0x300 == 0 }
        let guided = Self.cuts(Self.chunks(bytes, isKnown: isKnown))
        #expect(guided != expected)
        for longest in [1, 63, 1_000] {
            #expect(
                Self.cuts(
                    Self.chunks(bytes, isKnown: isKnown, piece: { Int.random(in: 1...longest, using: &generator) })
                ) == guided
            )
        }
    }

    @Test("chunks are as long as they may be, and most about the normal length", arguments: 1...8)
    func bounds(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes =
            generator.text(400_000) + [UInt8](repeating: UInt8(seed), count: 20_000) + generator.bytes(400_000)
        let chunks = Self.chunks(bytes)
        #expect(chunks.flatMap { $0 } == bytes)
        let lengths = chunks.map(\.count)
        #expect(lengths.dropLast().allSatisfy { (Self.cutting.shortest...Self.cutting.longest).contains($0) })
        #expect((lengths.last ?? 0) <= Self.cutting.longest)
        let mean = bytes.count / chunks.count
        #expect((Self.cutting.normal * 3 / 4...Self.cutting.normal * 5 / 4).contains(mean), "mean \(mean)")
        let forced = lengths.filter { $0 == Self.cutting.longest }.count
        #expect(forced < chunks.count / 10 + 20, "\(forced) of \(chunks.count) at the longest")
    }

    @Test("each cut is one by the bytes before it alone", arguments: 1...4)
    func window(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.bytes(100_000)
        for chunk in Self.chunks(bytes).dropLast() where chunk.count < Self.cutting.longest {
            let hash = chunk.suffix(StreamCutter.window).reduce(0 as UInt64) {
                $0 &<< 1 &+ GearTable.numbers[Int($1)]
            }
            let mask = chunk.count < Self.cutting.normal ? Self.cutting.rareMask : Self.cutting.frequentMask
            #expect(hash & mask == 0)
        }
    }

    @Test("what is inserted, removed or changed moves the cuts around it and no others", arguments: 1...24)
    func edits(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = seed % 2 == 0 ? generator.text(200_000) : generator.bytes(200_000)
        let before = Self.chunks(bytes)
        var changed = bytes
        let place = Int.random(in: 0..<190_000, using: &generator)
        switch seed % 3 {
        case 0: changed.insert(contentsOf: generator.bytes(Int.random(in: 1...3_000, using: &generator)), at: place)
        case 1: changed.removeSubrange(place..<place + Int.random(in: 1...3_000, using: &generator))
        default: changed[place] ^= 1
        }
        let after = Self.chunks(changed)
        let same = Set(before.map(Array.init)).intersection(after.map(Array.init)).count
        // The edit's own chunks, and those until a cut of both is met again; all others are the same.
        #expect(before.count - same < 20, "\(before.count) chunks, \(same) the same after")
        #expect(before.prefix { $0.endIndex <= place }.elementsEqual(after.prefix { $0.endIndex <= place }))
    }

    @Test("a chunk that is astray ends at the first cut of the version before, and after few there is none astray")
    func known() {
        var generator = SeededGenerator(seed: 9)
        let bytes = generator.text(200_000)
        var cutter = StreamCutter(Self.cutting)
        var known: Set<UInt64> = []
        var ends: Set<Int> = []
        var position = 0
        while position < bytes.count {
            let taken = bytes[position...].withUnsafeBytes { cutter.take($0) }
            position += taken.count
            guard let mark = taken.mark else { break }
            known.insert(mark)
            ends.insert(position)
        }
        // From any place the chunks come back to the known cuts, though none of them begins at one.
        for begin in stride(from: 1, to: 150_000, by: 7_001) where !ends.contains(begin) {
            cutter = StreamCutter(Self.cutting)
            var (position, count) = (begin, 0)
            repeat {
                position += bytes[position...].withUnsafeBytes { cutter.take($0) { known.contains($0) }.count }
                count += 1
            } while !ends.contains(position) && position < bytes.count
            #expect(count <= 3, "\(begin)")
        }
    }

    @Test("a repository's streams have chunks of half to twice the length of its files' chunks")
    func standard() {
        let cutting = StreamCutting(chunkBytes: RepositoryHeader.standardChunkBytes)
        #expect(
            cutting.shortestKnown == 65_536 && cutting.shortest == 262_144 && cutting.normal == 524_288
                && cutting.longest == 1_048_576
        )
        #expect(cutting.longest <= FrameLimits.chunkBytes)
        #expect(cutting.rareMask == 0xFFFF_F000_0000_0000 && cutting.frequentMask == 0xFFFF_8000_0000_0000)
    }
}
