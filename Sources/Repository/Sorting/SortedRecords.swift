/// What comes out of a sort, one record after another, once.
package final class SortedRecords {
    /// How much all runs together may buffer, in bytes.
    private static let bufferBytes = 4 << 20

    private let batch: SortBatch?
    private let runs: [RunReader]
    private var queue: MergeQueue
    /// The run whose record was given last: it moves on when the next one is asked for, not before.
    private var lent: Int?

    init(batch: SortBatch) {
        self.batch = batch
        runs = []
        queue = MergeQueue(sources: 0)
    }

    init(runs: [SortedRun], in file: SpillFile) throws {
        batch = nil
        let share = min(256 << 10, SortedRecords.bufferBytes / max(1, runs.count))
        self.runs = try runs.map { try RunReader($0, in: file, bufferBytes: share) }
        queue = MergeQueue(sources: runs.count)
        for (number, run) in self.runs.enumerated() {
            if let record = run.current { queue.insert(number, key: record.key) }
        }
    }

    /// The next record, valid until the next call; nil after the last.
    package func next() throws -> SortedRecord? {
        if let batch { return batch.next() }
        if let lent {
            try runs[lent].advance()
            queue.replaceFirst(key: runs[lent].current?.key)
        }
        lent = queue.first
        return lent.flatMap { runs[$0].current }
    }
}
