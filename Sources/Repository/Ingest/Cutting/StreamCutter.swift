/// Cuts a stream into chunks by what it holds, not by how far it has come: bytes that are inserted or gone move the cuts
/// around them, and no others.
///
/// A cut depends on the last 64 bytes before it, by a gear hash (FastCDC, Xia et al. 2016): for each byte the hash is doubled
/// and the byte's number of ``GearTable`` is added, so that a byte is out of it after 64 more. Where a chunk may end at all
/// depends on its length so far, see ``StreamCutting``. The bytes before the shortest length are not looked at.
///
/// A value type without I/O: the same bytes give the same cuts, whatever pieces they come in.
package struct StreamCutter {
    /// So many bytes decide on a cut.
    static let window = 64

    private let cutting: StreamCutting
    private let numbers = GearTable.numbers
    /// How many bytes the chunk has so far.
    private(set) var count = 0
    private var hash: UInt64 = 0

    package init(_ cutting: StreamCutting) {
        self.cutting = cutting
    }

    /// Takes bytes up to the end of the chunk.
    ///
    /// - Parameters:
    ///   - bytes: What follows in the stream.
    ///   - isKnown: Where there was an earlier version: whether it had a cut with this mark that should be one again, at less
    ///     than the shortest length too. So both versions are cut alike, and soon are again after a change. Given for all of a
    ///     chunk or for nothing of it.
    /// - Returns: How many bytes belong to the chunk; and where it ends with them, the hash of its last 64 bytes, its **mark**:
    ///   the next call begins another chunk.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer,
        isKnown: ((UInt64) -> Bool)? = nil
    ) -> (count: Int, mark: UInt64?) {
        let first = isKnown == nil ? cutting.shortest : cutting.shortestKnown
        var position = min(bytes.count, max(0, first - Self.window - count))
        count += position
        // Fills the window; the last byte before the shortest length is the last that can't be one to cut after.
        hash(&position, bytes, to: first - 1)
        if let isKnown {
            while find(&position, bytes, to: cutting.normal - 1, mask: cutting.frequentMask) {
                let isRare = count >= cutting.shortest && hash & cutting.rareMask == 0
                if isRare || isKnown(hash) { return (position, end()) }
            }
        } else if find(&position, bytes, to: cutting.normal - 1, mask: cutting.rareMask) {
            return (position, end())
        }
        if find(&position, bytes, to: cutting.longest, mask: cutting.frequentMask) { return (position, end()) }
        return (position, count == cutting.longest ? end() : nil)
    }

    /// Hashes until the chunk has `limit` bytes or the bytes end.
    private mutating func hash(_ position: inout Int, _ bytes: UnsafeRawBufferPointer, to limit: Int) {
        _ = advance(&position, bytes, to: limit) { _ in false }
    }

    /// Hashes until the bits of `mask` are 0, the chunk has `limit` bytes, or the bytes end.
    ///
    /// - Returns: Whether the bits are 0.
    private mutating func find(
        _ position: inout Int,
        _ bytes: UnsafeRawBufferPointer,
        to limit: Int,
        mask: UInt64
    ) -> Bool {
        advance(&position, bytes, to: limit) { $0 & mask == 0 }
    }

    /// Hashes until a hash fits, the chunk has `limit` bytes, or the bytes end.
    @inline(__always)
    private mutating func advance(
        _ position: inout Int,
        _ bytes: UnsafeRawBufferPointer,
        to limit: Int,
        until fits: (UInt64) -> Bool
    ) -> Bool {
        let length = min(bytes.count - position, limit - count)
        guard length > 0, let start = bytes.baseAddress else { return false }
        var next = start + position
        let end = next + length
        var hash = hash
        let hasFound = numbers.withUnsafeBufferPointer { numbers in
            // Two bytes at a time, so that one need not wait for the other.
            while end - next >= 2 {
                let first = numbers[Int(next.load(as: UInt8.self))]
                let second = numbers[Int(next.load(fromByteOffset: 1, as: UInt8.self))]
                let between = hash &<< 1 &+ first
                if fits(between) {
                    hash = between
                    next += 1
                    return true
                }
                hash = hash &<< 2 &+ (first &<< 1 &+ second)
                next += 2
                if fits(hash) { return true }
            }
            guard next < end else { return false }
            hash = hash &<< 1 &+ numbers[Int(next.load(as: UInt8.self))]
            next += 1
            return fits(hash)
        }
        self.hash = hash
        let taken = next - start - position
        position += taken
        count += taken
        return hasFound
    }

    private mutating func end() -> UInt64 {
        defer {
            count = 0
            hash = 0
        }
        return hash
    }
}
