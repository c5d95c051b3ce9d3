/// Finds where an id's entries begin in a sorted run of entries, by reading few and small windows of it.
///
/// Ids are digests, hence uniform: where the id must be is computed rather than halved for. In a bucket of n entries the
/// guess is off by about sqrt(n)/2, so the first window nearly always holds the answer. A run that is not uniform (only
/// a forged one is) costs a binary search.
struct IndexSearch {
    /// The largest window, in bytes.
    static let windowBytes = 16 << 10
    private static let windowEntries = windowBytes / IndexLayout.entryBytes
    /// After so many guesses the rest is halved.
    private static let guesses = 4

    private let id: ChunkID
    private var range: Range<Int>
    /// The ids' prefixes that the range's ends stand for.
    private var low: UInt64
    private var high: UInt64
    private var probes = 0

    /// - Parameters:
    ///   - id: The id.
    ///   - range: The positions of all entries whose first byte is the id's.
    init(id: ChunkID, range: Range<Int>) {
        self.id = id
        self.range = range
        low = UInt64(id.firstByte) << 56
        high = low | (UInt64.max >> 8)
    }

    /// The position of the first entry that is not before the id, once ``next`` is nil.
    var lowerBound: Int {
        range.lowerBound
    }

    /// The window to read next, or nil when the search is over.
    var next: Range<Int>? {
        guard !range.isEmpty else { return nil }
        let length = range.count
        // Three standard deviations to either side, a page at least: a smaller read costs the same.
        let spread = Int(3 * Double(length).squareRoot()) + 4096 / IndexLayout.entryBytes
        let window = min(length, min(spread, Self.windowEntries))
        let middle: Int
        if probes < Self.guesses, high > low {
            let share = Double(min(max(id.prefix, low), high) - low) / Double(high - low)
            middle = range.lowerBound + Int(share * Double(length))
        } else {
            middle = range.lowerBound + length / 2
        }
        let start = min(max(middle - window / 2, range.lowerBound), range.upperBound - window)
        return start..<start + window
    }

    /// Takes what was read of a window.
    mutating func narrow(_ window: Range<Int>, _ bytes: UnsafeRawBufferPointer) {
        probes += 1
        let first = bytes.digest(at: 0)
        if first >= id {
            // Nothing in the window is before the id, save when the window is where the range begins.
            range = range.lowerBound..<window.lowerBound
            high = first.prefix
            return
        }
        let last = bytes.digest(at: (window.count - 1) * IndexLayout.entryBytes)
        if last < id {
            range = window.upperBound..<range.upperBound
            low = last.prefix
            return
        }
        // first < id <= last: the answer is here.
        var before = 0
        var after = window.count - 1
        while after - before > 1 {
            let middle = (before + after) / 2
            if bytes.digest(at: middle * IndexLayout.entryBytes) < id { before = middle } else { after = middle }
        }
        let answer = window.lowerBound + after
        range = answer..<answer
    }
}
