import TestSupport
import Testing

@testable import Repository

@Suite("The external sorter")
struct ExternalSorterTests {
    @Test("sorts as memory does, spilled or not", arguments: [0, 1, 300, 8000])
    func sameAsInMemory(count: Int) throws {
        var generator = SeededGenerator(seed: 21)
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        var records: [(key: [UInt8], payload: [UInt8])] = []
        let sorter = ExternalSorter(folder: folder.path, memory: 64 << 10)
        for number in 0..<count {
            // Short keys from a small alphabet: many are equal, and many are prefixes of others.
            let key = generator.bytes(Int(generator.next() % 12)).map { $0 % 3 }
            let payload = Array("\(number)".utf8) + generator.bytes(Int(generator.next() % 400))
            records.append((key, payload))
            try sorter.append(key: key, payload: payload)
        }
        let expected = records.enumerated().sorted { left, right in
            left.element.key == right.element.key
                ? left.offset < right.offset : left.element.key.lexicographicallyPrecedes(right.element.key)
        }
        let sorted = try sorter.finish()
        for record in expected {
            let next = try #require(try sorted.next())
            #expect(Array(next.key) == record.element.key && Array(next.payload) == record.element.payload)
        }
        #expect(try sorted.next() == nil)
        #expect(try sorted.next() == nil)
        #expect(try Program.check("find", [folder.path, "-type", "f"]).isEmpty)
    }

    @Test("merges in several steps when there are many runs")
    func manyRuns() throws {
        var generator = SeededGenerator(seed: 22)
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        // A batch holds a little more than one longest record, so each of these makes two runs or so.
        let sorter = ExternalSorter(folder: folder.path, memory: 64 << 10)
        let payload = [UInt8](repeating: 9, count: ExternalSorter.longestRecord - 8)
        var keys: [[UInt8]] = []
        for _ in 0..<140 {
            keys.append(generator.bytes(8))
            try sorter.append(key: keys[keys.count - 1], payload: payload)
        }
        let sorted = try sorter.finish()
        for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let next = try #require(try sorted.next())
            #expect(Array(next.key) == key && next.payload.count == payload.count)
        }
        #expect(try sorted.next() == nil)
    }

    @Test("refuses a record that is too long")
    func tooLong() throws {
        let sorter = ExternalSorter(folder: "/nonexistent")
        #expect(throws: RepositoryError.self) {
            try sorter.append(key: [1], payload: [UInt8](repeating: 0, count: ExternalSorter.longestRecord))
        }
    }

    @Test("says so when it can't spill")
    func noFolder() throws {
        let sorter = ExternalSorter(folder: "/nonexistent", memory: 64 << 10)
        let error = #expect(throws: RepositoryError.self) {
            for number in 0..<3 {
                try sorter.append(key: [UInt8(number)], payload: [UInt8](repeating: 0, count: 600_000))
            }
        }
        #expect(error?.kind == .notFound)
    }
}

extension ExternalSorter {
    fileprivate func append(key: [UInt8], payload: [UInt8]) throws {
        try key.withUnsafeBytes { key in try payload.withUnsafeBytes { try append(key: key, payload: $0) } }
    }
}
