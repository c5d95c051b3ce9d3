import Foundation
import TestSupport
import Testing

@testable import Repository

/// Memory is a process's, and other tests run in this one: so the test runs itself again, alone in a process of its own.
@Suite("An index of eight million entries")
struct LargeIndexTests {
    private static let variable = "RECYCLIC_ALONE"
    private static let entryCount = 8_000_000
    private static let fileCount = 4

    @Test("is merged and looked into within 20 MiB")
    func memory() throws {
        if ProcessInfo.processInfo.environment[Self.variable] != nil { return try measure() }
        var environment = ProcessInfo.processInfo.environment
        environment[Self.variable] = "1"
        let result = try Program.run(
            "/proc/self/exe",
            ["--testing-library", "swift-testing", "--filter", "LargeIndexTests"],
            environment: environment
        )
        let report = result.output + result.errors
        #expect(result.status == 0 && report.contains("with 1 test "), "\(report)")
    }

    private func measure() throws {
        let scratch = try ScratchStore()
        let before = try memory("VmRSS")
        for file in 0..<Self.fileCount { try write(file, to: scratch.store) }
        let index = try ChunkIndex(store: scratch.store)
        #expect(index.positionCount == Self.entryCount)
        try look(into: index)
        try index.consolidate()
        #expect(index.fileCount == 1 && index.positionCount == Self.entryCount)
        try look(into: index)
        let growth = try memory("VmHWM") - before
        #expect(growth < 20 << 10, "it took \(growth) KiB")
    }

    /// The id of a number; larger numbers have larger ids, which lie as evenly as digests do.
    private static func words(_ number: Int) -> (UInt64, UInt64) {
        let step = UInt64.max / UInt64(entryCount)
        let noise = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        return (UInt64(number) * step + (noise >> 8) % step, noise)
    }

    private static func id(_ number: Int) -> ChunkID {
        let (high, low) = words(number)
        return withUnsafeBytes(of: (high.bigEndian, low, UInt64(0), UInt64(0))) { Digest(loading: $0) }
    }

    /// Writes every fourth entry into an index of its own; one in 64 is a delta.
    private func write(_ file: Int, to store: LocalObjectStore) throws {
        let builder = try IndexFileBuilder(in: store)
        let entry = UnsafeMutableRawBufferPointer.allocate(byteCount: IndexLayout.entryBytes, alignment: 8)
        defer { entry.deallocate() }
        IndexEntry(
            PackEntry(id: Self.id(0), offset: 0, storedBytes: 40_000, rawBytes: 131_072),
            packNumber: 0,
            baseNumber: IndexLayout.noBase
        )
        .store(to: entry)
        var baseCount: UInt32 = 0
        for number in stride(from: file, to: Self.entryCount, by: Self.fileCount) {
            let (high, low) = Self.words(number)
            entry.storeBytes(of: high.bigEndian, as: UInt64.self)
            entry.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
            entry.storeBytes(of: UInt32(number), toByteOffset: 36, as: UInt32.self)
            let isDelta = number & 63 < Self.fileCount
            entry.storeBytes(of: isDelta ? 1 : 0, toByteOffset: 52, as: UInt32.self)
            try builder.append(
                entry: UnsafeRawBufferPointer(entry),
                packNumber: 0,
                baseNumber: isDelta ? baseCount : IndexLayout.noBase
            )
            if isDelta { baseCount += 1 }
        }
        for number in 0..<Int(baseCount) {
            try Self.id(number * 64 + file + 4).withUnsafeBytes { try builder.append(bases: $0) }
        }
        let pack = IndexedPack(digest: Self.id(file), kind: .data, codec: .zstd)
        _ = try builder.finish(packs: [pack])
    }

    private func look(into index: ChunkIndex) throws {
        var generator = SeededGenerator(seed: 61)
        for _ in 0..<1000 {
            let number = Int(generator.next() % UInt64(Self.entryCount))
            let found = try #require(try index.lookup(Self.id(number)))
            #expect(found.offset == number && found.pack == Self.id(number % Self.fileCount))
            #expect(found.base == (number & 63 < Self.fileCount ? Self.id(number + 4) : nil))
            #expect(try !index.contains(generator.digest()))
        }
    }

    /// A line of /proc/self/status, in KiB.
    private func memory(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        return try #require(line.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? nil)
    }
}
