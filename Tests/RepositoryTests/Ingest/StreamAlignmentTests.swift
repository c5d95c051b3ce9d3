import TestSupport
import Testing

@testable import Repository

@Suite("Finding the earlier version of a stream's chunks")
struct StreamAlignmentTests {
    /// An alignment with an earlier stream of these marks; the last chunk has none.
    private static func alignment(_ marks: [UInt64]) -> StreamAlignment {
        StreamAlignment { number in
            let start = number * ChunkListWriter.mostPerList
            guard start < marks.count else { return nil }
            return Array(marks[start...].prefix(ChunkListWriter.mostPerList))
        }
    }

    /// Where each chunk of a stream is found.
    private static func places(_ marks: [UInt64], in earlier: [UInt64]) -> [Int?] {
        var alignment = alignment(earlier)
        return marks.map { alignment.place(endingAt: $0) }
    }

    @Test("chunks between the same cuts resemble each other")
    func unchanged() {
        #expect(Self.places([5, 6, 7, 0], in: [5, 6, 7, 0]) == [0, 1, 2, 3])
        #expect(Self.places([0], in: [0]) == [0])
        #expect(Self.places([], in: [0]) == [])
    }

    @Test("a chunk that lost one of its cuts is found by the other")
    func lostCuts() {
        // The cut 6 is gone: one chunk where there were two.
        #expect(Self.places([5, 7, 0], in: [5, 6, 7, 0]) == [0, 1, 3])
        // A new cut 9: two chunks where there was one.
        #expect(Self.places([5, 9, 6, 7, 0], in: [5, 6, 7, 0]) == [0, 1, 1, 2, 3])
        // The cut 6 has moved a little, so that it is another.
        #expect(Self.places([5, 9, 7, 0], in: [5, 6, 7, 0]) == [0, 1, 2, 3])
    }

    @Test("what was not there before soon resembles nothing, and what follows it is found again")
    func inserted() {
        // Two are taken for changed ones, by their order.
        #expect(Self.places([5, 9, 10, 11, 12, 6, 7, 0], in: [5, 6, 7, 0]) == [0, 1, 2, 3, nil, 1, 2, 3])
        #expect(Self.places([7, 0], in: [5, 6, 7, 0]) == [0, 3])
        #expect(Self.places([9, 10, 11, 12, 0], in: [5, 6, 7, 0]) == [0, 1, 2, nil, nil])
    }

    @Test("of marks that come often the nearest is taken")
    func repeated() {
        let earlier: [UInt64] = [3, 3, 3, 4, 3, 3, 0]
        #expect(Self.places(earlier, in: earlier) == [0, 1, 2, 3, 4, 5, 6])
        let long = [UInt64](repeating: 3, count: 20_000) + [0]
        let places = Self.places(long, in: long)
        #expect(places.allSatisfy { $0 != nil })
    }

    @Test("without an earlier version nothing is found")
    func none() {
        var alignment = StreamAlignment { _ in nil }
        // The place is one that no list has; whoever asks for its chunk gets none.
        _ = alignment.place(endingAt: 5)
        #expect(alignment.place(endingAt: 6) == nil)
    }

    @Test(
        "however long the stream, nearly every chunk is found when a fiftieth of the cuts has changed",
        arguments: 1...6
    )
    func long(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let earlier = (0..<30_000).map { _ in generator.next() | 1 } + [StreamMarks.none]
        // What the chunk at a place of the new stream was made of.
        var origins: [Int] = []
        var marks: [UInt64] = []
        for (place, mark) in earlier.enumerated() {
            switch mark == StreamMarks.none ? 99 : Int.random(in: 0..<150, using: &generator) {
            case 0: continue  // The cut is gone: what lies before it belongs to the next chunk.
            case 1:
                // Another cut before it.
                marks += [generator.next() | 1, mark]
                origins += [place, place]
            case 2:
                marks.append(generator.next() | 1)
                origins.append(place)
            default:
                marks.append(mark)
                origins.append(place)
            }
        }
        let found = Self.places(marks, in: earlier)
        let right = zip(found, origins).filter { found, origin in
            // Of a chunk that was two, either is right.
            found.map { (origin - 1...origin).contains($0) } ?? false
        }
        #expect(right.count * 100 > marks.count * 99, "\(right.count) of \(marks.count)")
    }
}
