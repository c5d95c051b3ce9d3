/// The chunks that were decoded last, up to a number of bytes.
struct ChunkCache {
    private struct Item {
        var bytes: [UInt8]
        var lastUse: UInt64
    }

    private let limit: Int
    private var items: [ChunkID: Item] = [:]
    private var size = 0
    private var clock: UInt64 = 0

    /// - Parameter limit: How many bytes of chunks are kept.
    init(limit: Int) {
        self.limit = limit
    }

    /// A chunk, if it is still there.
    mutating func take(_ id: ChunkID) -> [UInt8]? {
        clock += 1
        items[id]?.lastUse = clock
        return items[id]?.bytes
    }

    /// Keeps a chunk, and lets go of those that were not used for longest. A chunk of more than half the limit is not kept.
    mutating func put(_ id: ChunkID, _ bytes: [UInt8]) {
        guard bytes.count <= limit / 2, items[id] == nil else { return }
        clock += 1
        items[id] = Item(bytes: bytes, lastUse: clock)
        size += bytes.count
        // There are a few dozen of them: looking at each is cheaper than a list beside the table.
        while size > limit, let oldest = items.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            size -= oldest.value.bytes.count
            items[oldest.key] = nil
        }
    }
}
