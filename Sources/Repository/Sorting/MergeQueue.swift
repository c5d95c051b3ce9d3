import Glibc

/// Which of several sorted sources is next: a heap of their first keys, ordered by bytes and then by source number.
///
/// Keys are borrowed: a source's key must stay where it is until that source is replaced or removed. Pointers rather
/// than arrays, because every record of a merge passes through here several times.
struct MergeQueue: ~Copyable {
    private struct Head {
        var key: UnsafeRawBufferPointer
        var source: Int
    }

    private let heads: UnsafeMutablePointer<Head>
    private let capacity: Int
    private var count = 0

    /// - Parameter sources: How many sources there are at most.
    init(sources: Int) {
        capacity = sources
        heads = .allocate(capacity: max(sources, 1))
    }

    deinit {
        heads.deallocate()
    }

    /// The source whose key is the smallest; nil when none is left.
    var first: Int? {
        count == 0 ? nil : heads[0].source
    }

    /// The smallest key; only while there is one.
    var firstKey: UnsafeRawBufferPointer {
        heads[0].key
    }

    /// Adds a source with its first key.
    mutating func insert(_ source: Int, key: UnsafeRawBufferPointer) {
        precondition(count < capacity, "there are more sources than announced")
        var hole = count
        count += 1
        let head = Head(key: key, source: source)
        while hole > 0 {
            let parent = (hole - 1) / 2
            if MergeQueue.isBefore(heads[parent], head) { break }
            heads[hole] = heads[parent]
            hole = parent
        }
        heads[hole] = head
    }

    /// The first source's next key; nil when it has no more.
    mutating func replaceFirst(key: UnsafeRawBufferPointer?) {
        if let key {
            sink(Head(key: key, source: heads[0].source))
        } else {
            count -= 1
            if count > 0 { sink(heads[count]) }
        }
    }

    /// Puts `head` where it belongs, from the top down.
    private mutating func sink(_ head: Head) {
        var hole = 0
        while true {
            var child = 2 * hole + 1
            if child >= count { break }
            if child + 1 < count, MergeQueue.isBefore(heads[child + 1], heads[child]) { child += 1 }
            if MergeQueue.isBefore(head, heads[child]) { break }
            heads[hole] = heads[child]
            hole = child
        }
        heads[hole] = head
    }

    private static func isBefore(_ left: Head, _ right: Head) -> Bool {
        let order = compareBytes(left.key, right.key)
        return order < 0 || order == 0 && left.source < right.source
    }
}

/// Compares as bytes; a prefix is before what it begins. Negative, zero or positive.
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = left.count < right.count ? left.count : right.count
    if common > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
        let order = memcmp(leftStart, rightStart, common)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}
