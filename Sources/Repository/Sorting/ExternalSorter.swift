/// Sorts any number of records by their keys' bytes, in bounded memory: what does not fit is spilled to disk in sorted
/// runs, which are merged at the end. Records with equal keys keep the order they were added in.
package final class ExternalSorter {
    /// The most that a key and its payload may have together, in bytes.
    package static let longestRecord = 1 << 20
    /// How many runs are merged at once; more are first merged to fewer.
    private static let fanIn = 64

    private let folder: String
    private var batch: SortBatch
    private var spill: SpillFile?
    private var runs: [SortedRun] = []

    /// - Parameters:
    ///   - folder: Where runs are spilled: on a disk, with room for all records.
    ///   - memory: How many bytes of records are held before they are spilled; 64 KiB at least.
    package init(folder: String, memory: Int = 6 << 20) {
        self.folder = folder
        batch = SortBatch(capacity: max(memory, 64 << 10))
    }

    /// Adds a record.
    ///
    /// - Throws: ``RepositoryError``: `invalidArgument` when the record is longer than ``longestRecord``, and what the
    ///   file system says when it is spilled.
    package func append(key: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) throws {
        guard key.count + payload.count <= ExternalSorter.longestRecord else {
            throw RepositoryError(.invalidArgument, "a record of \(key.count + payload.count) bytes can't be sorted")
        }
        if batch.add(key: key, payload: payload) { return }
        try spillBatch()
        guard batch.add(key: key, payload: payload) else { preconditionFailure("an empty batch takes any record") }
    }

    /// Adds a record of fixed length whose first bytes are its key.
    package func append(record: UnsafeRawBufferPointer, keyBytes: Int) throws {
        try append(
            key: record.part(0, keyBytes),
            payload: record.part(keyBytes, record.count - keyBytes)
        )
    }

    /// Ends the adding.
    ///
    /// - Returns: The records in order, once. The sorter is of no more use.
    package func finish() throws -> SortedRecords {
        guard let spill else {
            let sorted = batch
            batch = SortBatch(capacity: 0)
            sorted.sort()
            return SortedRecords(batch: sorted)
        }
        if !batch.isEmpty { try spillBatch() }
        batch = SortBatch(capacity: 0)
        var (source, pending) = (spill, runs)
        self.spill = nil
        while pending.count > ExternalSorter.fanIn {
            let target = try SpillFile(folder: folder)
            var merged: [SortedRun] = []
            for start in stride(from: 0, to: pending.count, by: ExternalSorter.fanIn) {
                let group = Array(pending[start..<min(start + ExternalSorter.fanIn, pending.count)])
                let records = try SortedRecords(runs: group, in: source)
                let begin = target.count
                while let record = try records.next() {
                    try SortBatch.write(key: record.key, payload: record.payload, to: target)
                }
                merged.append(SortedRun(start: begin, end: target.count))
            }
            (source, pending) = (target, merged)
        }
        return try SortedRecords(runs: pending, in: source)
    }

    private func spillBatch() throws {
        let file: SpillFile
        if let spill { file = spill } else { file = try SpillFile(folder: folder) }
        spill = file
        batch.sort()
        let start = file.count
        try batch.write(to: file)
        runs.append(SortedRun(start: start, end: file.count))
        batch.removeAll()
    }
}
