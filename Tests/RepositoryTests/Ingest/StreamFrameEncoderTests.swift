import CChecksum
import TestSupport
import Testing

@testable import Repository

@Suite("Frames made of a stream")
struct StreamFrameEncoderTests {
    @Test(
        "decode to what went in, however it was cut",
        arguments: Codec.allCases,
        [(0, 1), (1, 1), (1000, 7), (300_000, 4096), (1 << 20, 200_000)]
    )
    func roundTrip(codec: Codec, shape: (bytes: Int, piece: Int)) throws {
        var generator = SeededGenerator(seed: 5)
        // Half of it is compressible, as WAL is.
        let raw = generator.bytes(shape.bytes / 2) + [UInt8](repeating: 0, count: shape.bytes - shape.bytes / 2)
        let encoder = try StreamFrameEncoder(codec: codec, rawBytes: Int64(raw.count))
        var frame: [UInt8] = []
        try raw.withUnsafeBytes { raw in
            for start in stride(from: 0, to: raw.count, by: shape.piece) {
                let end = min(start + shape.piece, raw.count)
                try encoder.append(UnsafeRawBufferPointer(rebasing: raw[start..<end])) { frame += $0 }
            }
        }
        try encoder.finish { frame += $0 }
        var decoded = [UInt8](repeating: 1, count: raw.count)
        try frame.withUnsafeBytes { frame in
            try decoded.withUnsafeMutableBytes { try FrameDecoder().decode(frame, codec: codec, into: $0) }
        }
        #expect(decoded == raw)
    }

    @Test("sum XXH64 as the one-shot function does", arguments: [0, 1, 3, 4, 8, 31, 32, 33, 100, 1000])
    func sum(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let bytes = generator.bytes(length)
        var stream = XXH64Stream()
        bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: length, by: 13) {
                stream.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 13, length)]))
            }
        }
        #expect(stream.value == checksum_xxh64(bytes, length))
    }
}
