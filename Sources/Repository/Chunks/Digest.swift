internal import Crypto

/// A SHA-256, in the order of its bytes.
///
/// It is kept as four words rather than as an array, so that millions of them cost 32 bytes each and no allocation.
package struct Digest: Hashable, Comparable, Sendable {
    /// How many bytes a digest has.
    package static let byteCount = 32

    /// The bytes as four big-endian words, so that comparing words is comparing bytes.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest of some bytes.
    package init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        self = hash.finalize().withUnsafeBytes { Digest(loading: $0) }
    }

    /// The digest of some bytes.
    package init(hashing bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Digest(hashing: $0) }
    }

    /// Takes a digest from the first 32 bytes of a buffer; it traps on a shorter one.
    package init(loading bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= Digest.byteCount, "a digest has 32 bytes")
        words = (
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        )
    }

    /// Gives the 32 bytes; they are valid in the closure only.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let ordered = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return try Swift.withUnsafeBytes(of: ordered, body)
    }

    /// Writes the 32 bytes to the beginning of a buffer; it traps on a shorter one.
    package func store(to bytes: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= Digest.byteCount, "a digest has 32 bytes")
        bytes.storeBytes(of: words.0.bigEndian, toByteOffset: 0, as: UInt64.self)
        bytes.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The first byte.
    package var firstByte: UInt8 {
        UInt8(truncatingIfNeeded: words.0 >> 56)
    }

    /// The first eight bytes as a big-endian number.
    package var prefix: UInt64 {
        words.0
    }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package static func < (left: Digest, right: Digest) -> Bool {
        left.words < right.words
    }

    /// Hashes a part only: the bits are as good as random already.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
