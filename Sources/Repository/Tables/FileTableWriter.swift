import CChecksum

/// Writes a file table from entries in any order. Memory: a bounded sort and the root (about 150 bytes for 256 files).
package final class FileTableWriter {
    /// A table chunk is at most this long, in bytes.
    package static let mostChunkBytes = 131_072
    /// A chunk ends before a path whose CRC-32C is divisible by this.
    private static let cutDivisor: UInt32 = 256

    private let sorter: ExternalSorter
    private var files = 0
    private var bytes: Int64 = 0

    /// - Parameters:
    ///   - folder: Where entries that don't fit into memory are spilled.
    ///   - memory: How many bytes of entries are held before they are spilled.
    package init(folder: String, memory: Int = 4 << 20) {
        sorter = ExternalSorter(folder: folder, memory: memory)
    }

    /// Adds an entry.
    ///
    /// - Throws: ``RepositoryError``: `invalidArgument` for a path that leaves the data directory.
    package func add(_ entry: FileTableEntry) throws {
        guard entry.hasSafePath else {
            throw RepositoryError(.invalidArgument, "'\(entry.path)' can't be a path in a backup")
        }
        files += 1
        bytes += entry.size ?? 0
        var path = entry.path
        try path.withUTF8 { path in
            try entry.line.withUnsafeBytes { line in
                try sorter.append(key: UnsafeRawBufferPointer(path), payload: line)
            }
        }
    }

    /// Sorts the entries and stores the table; nothing may follow.
    ///
    /// - Parameter sink: Stores a chunk and gives its id.
    /// - Returns: What the manifest says of the table.
    /// - Throws: ``RepositoryError``: `invalidArgument` when two entries have one path; what `sink` throws.
    package func finish(sink: (UnsafeRawBufferPointer) throws -> ChunkID) throws -> BackupManifest.Table {
        let records = try sorter.finish()
        var chunk: [UInt8] = []
        var first: [UInt8] = []
        var last: [UInt8] = []
        var root: [UInt8] = []
        func flush() throws {
            let id = try chunk.withUnsafeBytes(sink)
            root += FileTableRootLine(first: String(decoding: first, as: UTF8.self), id: id).line
            chunk.removeAll(keepingCapacity: true)
        }
        while let record = try records.next() {
            let path = Array(record.key)
            guard path != last else {
                let name = String(decoding: path, as: UTF8.self)
                throw RepositoryError(.invalidArgument, "'\(name)' is in the backup twice")
            }
            let isCut = checksum_crc32c(0, record.key.baseAddress, record.key.count) % Self.cutDivisor == 0
            if !chunk.isEmpty && (isCut || chunk.count + record.payload.count > Self.mostChunkBytes) { try flush() }
            if chunk.isEmpty { first = path }
            chunk += record.payload
            last = path
        }
        if !chunk.isEmpty { try flush() }
        return BackupManifest.Table(root: try root.withUnsafeBytes(sink), files: files, bytes: bytes)
    }
}
