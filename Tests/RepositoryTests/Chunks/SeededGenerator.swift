@testable import Repository

/// Random numbers that are the same in every run (SplitMix64), so that a failing property can be looked at again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Bytes without any pattern.
    mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var offset = 0
            while offset < count {
                let word = next()
                withUnsafeBytes(of: word) { source in
                    let length = min(8, count - offset)
                    raw.baseAddress?.advanced(by: offset).copyMemory(from: source.baseAddress!, byteCount: length)
                    offset += length
                }
            }
            filled = count
        }
    }

    /// Bytes that compress about as well as the pages of a table do.
    mutating func text(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        while bytes.count < count {
            bytes.append(
                contentsOf: "row \(next() % 100_000)|article \(next() % 500)|2026-11-\(next() % 28 + 1)\0".utf8
            )
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

extension SeededGenerator {
    /// An id that no chunk has.
    mutating func digest() -> Digest {
        bytes(32).withUnsafeBytes { Digest(loading: $0) }
    }
}
