import Glibc

/// The files that a worker wrote to last, still open: chunks of one file mostly lie side by side in a pack.
///
/// Not Sendable: one per thread.
final class TargetFileCache {
    private struct Slot {
        let file: TargetFile
        var lastUse: UInt64
    }

    private let capacity: Int
    private var slots: [UInt32: Slot] = [:]
    private var clock: UInt64 = 0

    /// - Parameter capacity: How many files stay open.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The file of a number, opened for reading and writing unless it is open.
    func file(_ number: UInt32, path: () throws -> [UInt8]) throws -> TargetFile {
        clock += 1
        if let file = slots[number]?.file {
            slots[number]?.lastUse = clock
            return file
        }
        if slots.count >= capacity, let oldest = slots.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            slots[oldest.key] = nil
        }
        let file = try TargetFile.open(path(), O_RDWR)
        slots[number] = Slot(file: file, lastUse: clock)
        return file
    }
}
