/// The records that a sorter holds in memory: one after another in one block, and what is moved around to sort them.
final class SortBatch {
    /// A record's place, and the beginning of its key so that most comparisons need not look there.
    private struct Place {
        var prefix: UInt64
        var offset: UInt32
    }

    /// Before each record: the lengths of key and payload, four bytes each, in the machine's order.
    static let headerBytes = 8

    private let bytes: UnsafeMutableRawBufferPointer
    private var used = 0
    private var places: [Place] = []
    private var given = 0

    /// - Parameter capacity: How many bytes of records fit; one longest record always does.
    init(capacity: Int) {
        let least = capacity == 0 ? 0 : SortBatch.headerBytes + ExternalSorter.longestRecord
        bytes = .allocate(byteCount: max(capacity, least), alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    var isEmpty: Bool {
        places.isEmpty
    }

    /// Adds a record; false when there is no room for it.
    func add(key: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) -> Bool {
        let length = SortBatch.headerBytes + key.count + payload.count
        guard used + length <= bytes.count else { return false }
        let record = bytes.part(used, length)
        record.storeBytes(of: UInt32(key.count), toByteOffset: 0, as: UInt32.self)
        record.storeBytes(of: UInt32(payload.count), toByteOffset: 4, as: UInt32.self)
        record.part(8, key.count).copyMemory(from: key)
        record.part(8 + key.count, payload.count).copyMemory(from: payload)
        var prefix: UInt64 = 0
        withUnsafeMutableBytes(of: &prefix) { $0.copyMemory(from: key.part(0, min(8, key.count))) }
        places.append(Place(prefix: UInt64(bigEndian: prefix), offset: UInt32(used)))
        used += length
        return true
    }

    func removeAll() {
        used = 0
        places.removeAll(keepingCapacity: true)
    }

    /// Sorts by key, then by the order of adding.
    func sort() {
        places.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            let order = compareBytes(record(at: left.offset).key, record(at: right.offset).key)
            return order != 0 ? order < 0 : left.offset < right.offset
        }
    }

    /// Writes the sorted records.
    func write(to file: SpillFile) throws {
        for place in places {
            let record = record(at: place.offset)
            try SortBatch.write(key: record.key, payload: record.payload, to: file)
        }
    }

    /// Writes one record in the form that ``SortedRecords`` reads.
    static func write(
        key: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        to file: SpillFile
    ) throws {
        let header = (UInt32(key.count), UInt32(payload.count))
        try withUnsafeBytes(of: header) { try file.append($0) }
        try file.append(key)
        try file.append(payload)
    }

    /// The next of the sorted records; nil after the last.
    func next() -> SortedRecord? {
        guard given < places.count else { return nil }
        given += 1
        return record(at: places[given - 1].offset)
    }

    private func record(at offset: UInt32) -> SortedRecord {
        SortBatch.record(UnsafeRawBufferPointer(rebasing: bytes[Int(offset)...]))
    }

    /// The record that `bytes` begins with.
    static func record(_ bytes: UnsafeRawBufferPointer) -> SortedRecord {
        let keyBytes = Int(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
        let payloadBytes = Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        return SortedRecord(key: bytes.part(8, keyBytes), payload: bytes.part(8 + keyBytes, payloadBytes))
    }
}
