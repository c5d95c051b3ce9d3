import Repository
import Synchronization

/// Compares what was stored with what the server's manifest says was sent: file by file, in bounded memory.
///
/// Both sides arrive in orders of their own, so both are sorted by path, on disk where they are many.
final class FileComparison: Sendable {
    private let stored: Mutex<ExternalSorter>
    private let expected: Mutex<ExternalSorter>

    /// - Parameter folder: Where to sort what does not fit into memory.
    init(folder: String) {
        stored = Mutex(ExternalSorter(folder: folder, memory: 1 << 20))
        expected = Mutex(ExternalSorter(folder: folder, memory: 1 << 20))
    }

    /// Adds a file that was stored.
    func addStored(_ file: IngestedFile) throws {
        let record = FileRecord(size: file.size, crc32c: file.checksum.value)
        try stored.withLock { try Self.append(file.path, record, to: $0) }
    }

    /// Adds a file that the server's manifest names.
    func addExpected(_ file: ServerManifestFile) throws {
        let record = FileRecord(size: file.size, crc32c: file.crc32c)
        try expected.withLock { try Self.append(file.path, record, to: $0) }
    }

    /// Compares the two; once.
    ///
    /// - Parameter limit: How many differences to name.
    /// - Returns: The first differences, and how many there are.
    func differences(limit: Int = 5) throws -> (first: [FileDifference], count: Int) {
        let left = try Side(stored.withLock { try $0.finish() })
        let right = try Side(expected.withLock { try $0.finish() })
        var first: [FileDifference] = []
        var count = 0
        func add(_ path: [UInt8], _ what: FileDifference.What) {
            count += 1
            if first.count < limit {
                first.append(FileDifference(path: String(decoding: path, as: UTF8.self), what: what))
            }
        }
        while true {
            switch (left.current, right.current) {
            case (nil, nil): return (first, count)
            case (let file?, nil):
                add(file.path, .unexpected)
                try left.advance()
            case (nil, let file?):
                add(file.path, .missing)
                try right.advance()
            case (let a?, let b?) where a.path == b.path:
                if a.record.size != b.record.size {
                    add(a.path, .size(stored: a.record.size, expected: b.record.size))
                } else if let sum = b.record.crc32c, sum != a.record.crc32c {
                    add(a.path, .checksum)
                }
                try left.advance()
                try right.advance()
            case (let a?, let b?) where a.path.lexicographicallyPrecedes(b.path):
                add(a.path, .unexpected)
                try left.advance()
            case (_, let b?):
                add(b.path, .missing)
                try right.advance()
            }
        }
    }

    private static func append(_ path: [UInt8], _ record: FileRecord, to sorter: ExternalSorter) throws {
        try path.withUnsafeBytes { path in
            try record.bytes.withUnsafeBytes { try sorter.append(key: path, payload: $0) }
        }
    }

    /// One side of the comparison, with the file it has come to.
    private final class Side {
        private let records: SortedRecords
        private(set) var current: (path: [UInt8], record: FileRecord)?

        init(_ records: SortedRecords) throws {
            self.records = records
            try advance()
        }

        func advance() throws {
            current = try records.next().map { (Array($0.key), FileRecord($0.payload)) }
        }
    }
}
