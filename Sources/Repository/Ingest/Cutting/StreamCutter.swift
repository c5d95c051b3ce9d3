/// Cuts a stream into chunks by what it holds, not by how far it has come: bytes that are inserted or gone move the cuts
/// around them, and no others.
///
/// A cut depends on the last 64 bytes before it, by a gear hash (FastCDC, Xia et al. 2016): for each byte the hash is doubled
/// and the byte's number of ``GearTable`` is added, so that a byte is out of it after 64 more. Where a chunk may end at all
/// depends on its length so far, see ``StreamCutting``. The bytes before the shortest length are not looked at.
///
/// A value type without I/O: the same bytes give the same cuts, whatever pieces they come in.
struct StreamCutter {
    /// So many bytes decide on a cut.
    static let window = 64

    private let cutting: StreamCutting
    private let numbers = GearTable.numbers
    /// How many bytes the chunk has so far.
    private(set) var count = 0
    private var hash: UInt64 = 0

    init(_ cutting: StreamCutting) {
        self.cutting = cutting
    }

    /// Takes bytes up to the end of the chunk.
    ///
    /// - Parameter bytes: What follows in the stream.
    /// - Returns: How many bytes belong to the chunk; and where it ends with them, the hash of its last 64 bytes, its **mark**:
    ///   the next call begins another chunk.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> (count: Int, mark: UInt64?) {
        var position = min(bytes.count, max(0, cutting.shortest - Self.window - count))
        count += position
        // Fills the window; the last byte before the shortest length is the last that can't be one to cut after.
        if advance(&position, bytes, to: cutting.shortest - 1, mask: nil) { return (position, end()) }
        if advance(&position, bytes, to: cutting.normal - 1, mask: cutting.rareMask) { return (position, end()) }
        if advance(&position, bytes, to: cutting.longest, mask: cutting.frequentMask) { return (position, end()) }
        return (position, count == cutting.longest ? end() : nil)
    }

    /// Hashes until the chunk has `limit` bytes, the bytes end, or there is a cut.
    ///
    /// - Returns: Whether there is a cut.
    @inline(__always)
    private mutating func advance(
        _ position: inout Int,
        _ bytes: UnsafeRawBufferPointer,
        to limit: Int,
        mask: UInt64?
    ) -> Bool {
        let end = position + min(bytes.count - position, limit - count)
        guard position < end else { return false }
        let start = position
        let isCut = numbers.withUnsafeBufferPointer { numbers in
            var hash = hash
            defer { self.hash = hash }
            while position < end {
                hash = hash &<< 1 &+ numbers[Int(bytes[position])]
                position += 1
                if let mask, hash & mask == 0 { return true }
            }
            return false
        }
        count += position - start
        return isCut
    }

    private mutating func end() -> UInt64 {
        defer {
            count = 0
            hash = 0
        }
        return hash
    }
}
