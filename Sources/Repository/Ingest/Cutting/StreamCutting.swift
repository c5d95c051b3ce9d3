/// Where a stream may be cut: how long its chunks are.
package struct StreamCutting: Sendable, Equatable {
    /// No chunk but the last is shorter, in bytes, save where the version before was cut.
    package let shortest: Int
    /// No chunk but the last is shorter, in bytes, not even one that ends at a cut of the version before.
    package let shortestKnown: Int
    /// Up to this length cuts are rare, from it on frequent, so most chunks are about so long, in bytes.
    package let normal: Int
    /// No chunk is longer, in bytes.
    package let longest: Int
    /// Up to the normal length there is a cut where these bits of the hash are all 0.
    let rareMask: UInt64
    /// From the normal length on there is a cut where these bits of the hash are all 0.
    let frequentMask: UInt64

    /// How long the chunks of streams are in a repository.
    ///
    /// - Parameter chunkBytes: Where the repository cuts files, at least 512.
    package init(chunkBytes: Int) {
        precondition(chunkBytes >= 512, "a chunk is longer than the hash reaches back")
        shortest = chunkBytes / 2
        shortestKnown = chunkBytes / 8
        normal = chunkBytes
        longest = 2 * chunkBytes
        let bits = Int.bitWidth - 1 - chunkBytes.leadingZeroBitCount
        rareMask = Self.mask(bits + 1)
        frequentMask = Self.mask(bits - 2)
    }

    /// The highest bits: those that the last 64 bytes all have a part in.
    private static func mask(_ bits: Int) -> UInt64 {
        ~(UInt64.max >> UInt64(bits))
    }
}
