import TestSupport
import Testing

@testable import Repository

@Suite("Deltas")
struct DeltaTests {
    @Test("hold what changed, and no more", arguments: [1, 3, 19])
    func small(level: Int) throws {
        var generator = SeededGenerator(seed: 4)
        let base = generator.bytes(128 << 10)
        let chunk = DeltaTests.changed(base, places: 20, &generator)
        let encoder = try FrameEncoder(codec: .zstd, level: level)
        let delta = try encoder.frame(chunk, base: base)
        #expect(delta.count < 2500)
        #expect(try FrameDecoder().chunk(delta, base: base, count: chunk.count) == chunk)
        // A whole frame after a delta knows nothing of the prefix.
        #expect(try FrameDecoder().chunk(encoder.frame(chunk), codec: .zstd, count: chunk.count) == chunk)
    }

    @Test("reach every byte of a base of another length", arguments: [0, 1, 1000, 128 << 10, 300_000])
    func baseLengths(length: Int) throws {
        var generator = SeededGenerator(seed: 6)
        let base = generator.bytes(length)
        let chunk = Array((base + generator.bytes(128 << 10)).prefix(128 << 10))
        let delta = try FrameEncoder(codec: .gzip).frame(chunk, base: base)
        #expect(delta.count < chunk.count - min(length, chunk.count) + 1024)
        #expect(try FrameDecoder().chunk(delta, base: base, count: chunk.count) == chunk)
    }

    @Test("take a base that begins like a zstd dictionary for what it is: bytes")
    func dictionaryLookalike() throws {
        var generator = SeededGenerator(seed: 7)
        let base = [0x37, 0xA4, 0x30, 0xEC] + generator.bytes(9000)
        let chunk = DeltaTests.changed(base, places: 2, &generator)
        let delta = try FrameEncoder(codec: .zstd).frame(chunk, base: base)
        #expect(try FrameDecoder().chunk(delta, base: base, count: chunk.count) == chunk)
    }

    @Test("against another base are an error")
    func wrongBase() throws {
        var generator = SeededGenerator(seed: 8)
        let base = generator.bytes(20_000)
        let chunk = DeltaTests.changed(base, places: 3, &generator)
        let delta = try FrameEncoder(codec: .zstd).frame(chunk, base: base)
        let decoder = try FrameDecoder()
        for wrong in [[], generator.bytes(20_000), Array(base.dropLast(5))] {
            #expect(throws: RepositoryError.self) { try decoder.chunk(delta, base: wrong, count: chunk.count) }
        }
        #expect(try decoder.chunk(delta, base: base, count: chunk.count) == chunk)
    }

    @Test("are decoded by 'zstd -d --patch-from'")
    func foreignJudge() throws {
        var generator = SeededGenerator(seed: 9)
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        for (number, length) in [128 << 10, 5000, 1].enumerated() {
            let base = generator.text(128 << 10)
            let chunk = DeltaTests.changed(Array(base.prefix(length)), places: 5, &generator)
            let delta = try FrameEncoder(codec: .zstd).frame(chunk, base: base)
            let paths = ["base", "delta.zst", "chunk"].map { folder.path("\(number)-\($0)") }
            try writeFile(paths[0], base)
            try writeFile(paths[1], delta)
            try Program.check("zstd", ["-q", "-d", "--patch-from=\(paths[0])", paths[1], "-o", paths[2]])
            #expect(try readFile(paths[2]) == chunk)
        }
    }

    /// A copy with some runs of bytes replaced.
    static func changed(_ bytes: [UInt8], places: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<places {
            let start = Int(generator.next() % UInt64(bytes.count))
            let patch = generator.bytes(min(40, bytes.count - start))
            bytes.replaceSubrange(start..<start + patch.count, with: patch)
        }
        return bytes
    }
}
