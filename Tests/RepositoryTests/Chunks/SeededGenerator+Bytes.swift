import TestSupport

@testable import Repository

extension SeededGenerator {
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

    /// An id that no chunk has.
    mutating func digest() -> Digest {
        bytes(32).withUnsafeBytes { Digest(loading: $0) }
    }
}
