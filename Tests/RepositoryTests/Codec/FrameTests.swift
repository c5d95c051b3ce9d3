import TestSupport
import Testing

@testable import Repository

@Suite("Frames")
struct FrameTests {
    static let lengths = [0, 1, 255, 256, 4096, 131_071, 131_072, 131_073, 400_000]

    @Test("give back the chunk, of any length and codec", arguments: Codec.allCases, lengths)
    func roundTrip(codec: Codec, length: Int) throws {
        var generator = SeededGenerator(seed: UInt64(length))
        let encoder = try FrameEncoder(codec: codec)
        let decoder = try FrameDecoder()
        let frame = FrameBuffer()
        for chunk in [generator.text(length), generator.bytes(length)] {
            try chunk.withUnsafeBytes { try encoder.encode($0, into: frame) }
            #expect(try decoder.chunk(frame.array, codec: codec, count: length) == chunk)
            #expect(frame.count <= FrameLimits.frameBytes)
        }
    }

    @Test("are small for text at every level", arguments: [(Codec.zstd, 1), (.zstd, 19), (.gzip, 1), (.gzip, 9)])
    func levels(codec: Codec, level: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let chunk = generator.text(128 << 10)
        let encoder = try FrameEncoder(codec: codec, level: level)
        let frame = FrameBuffer()
        try chunk.withUnsafeBytes { try encoder.encode($0, into: frame) }
        #expect(frame.count < chunk.count / 2)
        #expect(encoder.contextBytes < 4 << 20)
        #expect(try FrameDecoder().chunk(frame.array, codec: codec, count: chunk.count) == chunk)
    }

    @Test(
        "are not made at a level that the codec has not",
        arguments: [(Codec.zstd, 20), (.zstd, 0), (.gzip, 10), (.none, 1)]
    )
    func badLevels(codec: Codec, level: Int) {
        #expect(throws: RepositoryError.self) { try FrameEncoder(codec: codec, level: level) }
    }

    @Test("refuse a longer or shorter chunk, more bytes, and fewer", arguments: Codec.allCases)
    func wrongLengths(codec: Codec) throws {
        var generator = SeededGenerator(seed: 2)
        let chunk = generator.text(5000)
        let frame = FrameBuffer()
        try chunk.withUnsafeBytes { try FrameEncoder(codec: codec).encode($0, into: frame) }
        let decoder = try FrameDecoder()
        let good = frame.array
        for count in [0, 4999, 5001, 10_000] {
            #expect(throws: RepositoryError.self) { try decoder.chunk(good, codec: codec, count: count) }
        }
        for bad in [[], good + [0], good + good, Array(good.dropLast()), Array(good.dropFirst())] {
            #expect(throws: RepositoryError.self) { try decoder.chunk(bad, codec: codec, count: 5000) }
        }
        #expect(try decoder.chunk(good, codec: codec, count: 5000) == chunk)
    }

    @Test("with flipped bits are an error or the same chunk, and write nowhere else", arguments: Codec.allCases)
    func flippedBits(codec: Codec) throws {
        var generator = SeededGenerator(seed: 3)
        let chunk = generator.text(3000)
        let base = generator.text(3000)
        let encoder = try FrameEncoder(codec: codec)
        let decoder = try FrameDecoder()
        let (whole, delta) = (FrameBuffer(), FrameBuffer())
        try chunk.withUnsafeBytes { chunk in
            try encoder.encode(chunk, into: whole)
            try base.withUnsafeBytes { try encoder.encodeDelta(chunk, base: $0, into: delta) }
        }
        for round in 0..<600 {
            var bytes = round % 2 == 0 ? whole.array : delta.array
            for _ in 0...(generator.next() % 3) {
                bytes[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
            }
            var target = [UInt8](repeating: 0xA5, count: 3000 + 64)
            let isGood = target.withUnsafeMutableBytes { target in
                (try? bytes.withUnsafeBytes { frame in
                    if round % 2 == 0 {
                        try decoder.decode(frame, codec: codec, into: target.part(0, 3000))
                    } else {
                        try base.withUnsafeBytes {
                            try decoder.decodeDelta(frame, base: $0, into: target.part(0, 3000))
                        }
                    }
                }) != nil
            }
            #expect(target[3000...].allSatisfy { $0 == 0xA5 })
            // A gzip header has bits that mean nothing to the contents; all else is under a checksum.
            if isGood { #expect(Array(target[..<3000]) == chunk) }
        }
    }
}
