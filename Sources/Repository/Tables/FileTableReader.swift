import FoundationEssentials

/// Reads a file table: from end to end in constant memory, or single paths by binary search.
///
/// It keeps the root (about 150 bytes for 256 files) and a few decoded table chunks. Not for several threads at once.
package final class FileTableReader {
    private static let mostCached = 4

    private let source: any ChunkSource
    private let root: [FileTableRootLine]
    private var cache: [(index: Int, entries: [FileTableEntry])] = []
    private var nextChunk = 0
    private var nextEntry = 0

    /// Opens a table.
    ///
    /// - Parameters:
    ///   - root: The chunk that the manifest names.
    ///   - source: Where chunks come from.
    /// - Throws: ``RepositoryError``: `damaged`, and what `source` throws.
    package init(root: ChunkID, source: any ChunkSource) throws {
        self.source = source
        self.root = try Self.rootLines(source.read(root), root: root)
    }

    /// The table's chunks in order.
    package var tableChunks: [ChunkID] { root.map(\.id) }

    /// The next entry in the order of paths; `nil` at the end.
    package func next() throws -> FileTableEntry? {
        while nextChunk < root.count {
            let entries = try entries(ofChunk: nextChunk)
            if nextEntry < entries.count {
                nextEntry += 1
                return entries[nextEntry - 1]
            }
            nextChunk += 1
            nextEntry = 0
        }
        return nil
    }

    /// Lets ``next()`` begin with the first entry again.
    package func rewind() {
        nextChunk = 0
        nextEntry = 0
    }

    /// The entry of a path as the table stores it; `nil` when there is none.
    package func entry(forPath path: String) throws -> FileTableEntry? {
        // The last chunk whose first path is not after the one looked for.
        let after = root.partitionPoint { bytewiseLess(path, $0.first) }
        guard after > 0 else { return nil }
        let entries = try entries(ofChunk: after - 1)
        let position = entries.partitionPoint { !bytewiseLess($0.path, path) }
        return position < entries.count && entries[position].path == path ? entries[position] : nil
    }

    /// The ids of a file's chunks, in order.
    package func chunkIDs(of entry: FileTableEntry) -> ChunkIDCursor {
        ChunkIDCursor(entry: entry, source: source)
    }

    /// The entries of a table chunk, checked: paths ascend, and the first is the one that the root names.
    package func entries(ofChunk index: Int) throws -> [FileTableEntry] {
        if let position = cache.firstIndex(where: { $0.index == index }) {
            let found = cache.remove(at: position)
            cache.append(found)
            return found.entries
        }
        let line = root[index]
        let entries = try Self.decode(source.read(line.id), chunk: line.id)
        guard entries.first?.path == line.first else {
            throw RepositoryError(.damaged, "the file table's chunk '\(line.id)' does not begin with '\(line.first)'")
        }
        if cache.count == Self.mostCached { cache.removeFirst() }
        cache.append((index, entries))
        return entries
    }

    /// The lines of a root's bytes.
    static func rootLines(_ bytes: [UInt8], root: ChunkID) throws -> [FileTableRootLine] {
        try lines(FileTableRootLine.self, bytes, chunk: root)
    }

    /// The entries of a table chunk's bytes.
    static func decode(_ bytes: [UInt8], chunk: ChunkID) throws -> [FileTableEntry] {
        let entries = try lines(FileTableEntry.self, bytes, chunk: chunk)
        for (left, right) in zip(entries, entries.dropFirst()) where !bytewiseLess(left.path, right.path) {
            throw RepositoryError(.damaged, "the file table's chunk '\(chunk)' is not sorted at '\(right.path)'")
        }
        return entries
    }

    private static func lines<Line: Decodable>(_ type: Line.Type, _ bytes: [UInt8], chunk: ChunkID) throws -> [Line] {
        let decoder = JSONDecoder()
        do {
            return try bytes.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(type, from: Data($0)) }
        } catch {
            throw RepositoryError(.damaged, "the file table's chunk '\(chunk)' can't be read")
        }
    }
}

/// Whether `left` comes before `right` by their UTF-8 bytes.
func bytewiseLess(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}

extension Array {
    /// The first index whose element fulfils the condition, when all after it do too; `count` when none does.
    fileprivate func partitionPoint(_ isInSecondPart: (Element) throws -> Bool) rethrows -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if try isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
