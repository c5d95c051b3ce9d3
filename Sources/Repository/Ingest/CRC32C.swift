import CChecksum

/// CRC-32C (Castagnoli) values that can be put together: the checksum of two runs of bytes follows from theirs and the
/// second one's length.
///
/// So chunks are summed by the threads that hash them anyway, each while it lies in the processor's cache, and a file's
/// checksum is put together afterwards, in order.
package struct CRC32C: Hashable, Sendable {
    /// The checksum; 0 for no bytes.
    package private(set) var value: UInt32 = 0

    package init() {}

    /// A checksum computed elsewhere.
    package init(value: UInt32) {
        self.value = value
    }

    /// The checksum of `bytes`.
    package init(of bytes: UnsafeRawBufferPointer) {
        value = checksum_crc32c(0, bytes.baseAddress, bytes.count)
    }

    /// Continues with `count` bytes whose own checksum is `next`.
    package mutating func append(_ next: CRC32C, count: Int) {
        value = product(power(ofBytes: count), value) ^ next.value
    }
}

// A CRC is a polynomial over GF(2) modulo the generator; in this (reflected) order of bits the highest bit is x^0.
// Appending n zero bytes multiplies it by x^(8n), and the checksum of a concatenation is then a sum (exclusive or).

private let generator: UInt32 = 0x82F6_3B78

/// The product of two polynomials modulo the generator.
private func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var sum: UInt32 = 0
    var shifted = right
    var bit: UInt32 = 1 << 31
    while bit != 0 {
        if left & bit != 0 { sum ^= shifted }
        shifted = shifted & 1 == 0 ? shifted >> 1 : shifted >> 1 ^ generator
        bit >>= 1
    }
    return sum
}

/// x^(8 × 2^n) modulo the generator, for n from 0 to 47.
private let squares: [UInt32] = {
    var square: UInt32 = 1 << 23  // x^8
    return (0..<48).map { _ in
        defer { square = product(square, square) }
        return square
    }
}()

/// x^(8 × count) modulo the generator.
private func power(ofBytes count: Int) -> UInt32 {
    var result: UInt32 = 1 << 31  // x^0
    var rest = count
    var index = 0
    while rest != 0 {
        if rest & 1 != 0 { result = product(squares[index], result) }
        rest >>= 1
        index += 1
    }
    return result
}
