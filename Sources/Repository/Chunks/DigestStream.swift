internal import Crypto

/// Computes the digest of bytes that come piece by piece.
package struct DigestStream {
    private var hash = SHA256()

    package init() {}

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// The digest of everything taken so far; more may follow.
    package var digest: Digest {
        hash.finalize().withUnsafeBytes { Digest(loading: $0) }
    }
}
