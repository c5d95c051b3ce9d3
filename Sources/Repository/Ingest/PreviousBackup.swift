import Synchronization

/// The file table and lists of the backup before, for all workers at once.
///
/// They are a help, not a need: what can't be read counts as not there, and the chunks are stored as if they were new. (The
/// same damage is what verifying is for.)
final class PreviousBackup: Sendable {
    /// `@unchecked Sendable`: reached under the lock only.
    private struct Tables: @unchecked Sendable {
        let reader: FileTableReader
        let source: any ChunkSource
    }

    private let tables: Mutex<Tables>

    /// - Parameters:
    ///   - root: The table's root.
    ///   - source: Where its chunks come from; used by nobody else.
    /// - Throws: ``RepositoryError`` when the root can't be read.
    init(root: ChunkID, source: sending any ChunkSource) throws {
        tables = Mutex(Tables(reader: try FileTableReader(root: root, source: source), source: source))
    }

    /// The chunks of a file, or the lists with them.
    func content(of path: [UInt8]) -> FileContent? {
        file(path).flatMap { entry in
            if let lists = entry.lists { return .lists(lists) }
            return entry.chunks.map { .chunks($0) }
        }
    }

    /// A file's entry.
    func file(_ path: [UInt8]) -> FileTableEntry? {
        // The spelling of a path in the table follows from its bytes.
        let name = FileTableEntry.directory(pathBytes: path, mode: 0).path
        return tables.withLock { tables in
            guard let entry = try? tables.reader.entry(forPath: name), entry.type == .file else { return nil }
            return entry
        }
    }

    /// The ids in a list chunk.
    func ids(in list: ChunkID) -> [ChunkID]? {
        tables.withLock { tables in
            (try? tables.source.read(list)).flatMap { try? ChunkIDCursor.decode($0, list: list) }
        }
    }

    /// The marks in a list chunk of a stream.
    func marks(in list: ChunkID) -> [UInt64]? {
        tables.withLock { tables in
            (try? tables.source.read(list)).flatMap { StreamMarks.decode($0) }
        }
    }
}
