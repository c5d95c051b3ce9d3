import TestSupport
import Testing

@testable import Repository

@Suite("The merge queue")
struct MergeQueueTests {
    @Test("gives the smallest key of all sources, the first source of equal ones", arguments: [1, 2, 3, 7, 20])
    func merges(sources: Int) {
        var generator = SeededGenerator(seed: 31)
        var lists: [[UInt8]] = (0..<sources).map { _ in
            generator.bytes(Int(generator.next() % 30)).sorted()
        }
        let expected = lists.enumerated().flatMap { source, keys in keys.map { ($0, source) } }.sorted { $0 < $1 }
        // Every possible key has a place of its own that outlives the queue.
        let keys = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
        defer { keys.deallocate() }
        for value in 0..<256 { keys[value] = UInt8(value) }
        func key(_ value: UInt8) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(keys.part(Int(value), 1)) }

        var queue = MergeQueue(sources: sources)
        for source in 0..<sources {
            if let first = lists[source].first { queue.insert(source, key: key(first)) }
        }
        var merged: [(UInt8, Int)] = []
        while let source = queue.first {
            merged.append((queue.firstKey[0], source))
            lists[source].removeFirst()
            queue.replaceFirst(key: lists[source].first.map(key))
        }
        #expect(merged.map(\.0) == expected.map(\.0))
        #expect(merged.map(\.1) == expected.map(\.1))
    }
}
