/// Goes through all chunks that backups need: the table's root and chunks, lists, and the files' chunks.
///
/// Most of a table and of the lists is the same in every backup, so a stretch that was found whole once is not gone
/// through again. Memory: 32 bytes for each table chunk, 40 for each list.
struct BackupWalker {
    /// Who is told of the chunks.
    protocol Visitor {
        /// A chunk of a file.
        ///
        /// - Returns: Its length; `nil` when it is not to be had.
        mutating func visit(file id: ChunkID) throws -> Int?

        /// A chunk of the table or a list, before it is read.
        ///
        /// - Returns: Whether to read it.
        mutating func visit(list id: ChunkID) throws -> Bool

        /// A list of marks: a help for the next backup, without which this one is whole all the same.
        mutating func visit(help id: ChunkID) throws

        /// A chunk of the table or a list could not be read: all that it names is unknown.
        mutating func unreadable(list id: ChunkID, _ error: RepositoryError) throws

        /// A file whose chunks don't have the length that the table gives.
        mutating func wrongSize(path: String, expected: Int64, found: Int64) throws
    }

    /// What a walk of one backup came to.
    struct Totals {
        var files = 0
        var bytes: Int64 = 0
        /// Whether everything was to be had.
        var isWhole = true
    }

    private let source: any ChunkSource
    private var wholeTables: [ChunkID: Totals] = [:]
    private var wholeLists: [ChunkID: Int64] = [:]

    init(source: any ChunkSource) {
        self.source = source
    }

    /// Visits all chunks of one backup that no walk before found whole, with `visitor`.
    ///
    /// - Parameters:
    ///   - root: The table's root, from the manifest.
    ///   - visitor: Who is told.
    ///   - check: Called for each table chunk; throws to end the walk.
    mutating func walk(root: ChunkID, _ visitor: inout some Visitor, check: () throws -> Void) throws -> Totals {
        var totals = Totals()
        guard let bytes = try read(root, &visitor) else {
            totals.isWhole = false
            return totals
        }
        let tables: [ChunkID]
        do {
            tables = try FileTableReader.rootLines(bytes, root: root).map(\.id)
        } catch let error as RepositoryError {
            try visitor.unreadable(list: root, error)
            totals.isWhole = false
            return totals
        }
        for table in tables {
            try check()
            let part = try walk(table: table, &visitor)
            totals.files += part.files
            totals.bytes += part.bytes
            totals.isWhole = totals.isWhole && part.isWhole
        }
        return totals
    }

    private mutating func walk(table: ChunkID, _ visitor: inout some Visitor) throws -> Totals {
        if let known = wholeTables[table] { return known }
        var totals = Totals()
        guard let bytes = try read(table, &visitor) else {
            totals.isWhole = false
            return totals
        }
        let entries: [FileTableEntry]
        do {
            entries = try FileTableReader.decode(bytes, chunk: table)
        } catch let error as RepositoryError {
            try visitor.unreadable(list: table, error)
            totals.isWhole = false
            return totals
        }
        for entry in entries {
            totals.files += 1
            guard entry.type == .file else { continue }
            for list in entry.marks ?? [] { try visitor.visit(help: list) }
            let expected = entry.size ?? 0
            totals.bytes += expected
            if let found = try size(of: entry, &visitor) {
                if found != expected {
                    try visitor.wrongSize(path: entry.path, expected: expected, found: found)
                    totals.isWhole = false
                }
            } else {
                totals.isWhole = false
            }
        }
        if totals.isWhole { wholeTables[table] = totals }
        return totals
    }

    /// The sum of a file's chunks; `nil` when one is not to be had.
    private mutating func size(of entry: FileTableEntry, _ visitor: inout some Visitor) throws -> Int64? {
        var size = try sum(entry.chunks ?? [], &visitor)
        for list in entry.lists ?? [] {
            let part = try sum(ofList: list, &visitor)
            size = if let size, let part { size + part } else { nil }
        }
        return size
    }

    private mutating func sum(ofList list: ChunkID, _ visitor: inout some Visitor) throws -> Int64? {
        if let known = wholeLists[list] { return known }
        guard let bytes = try read(list, &visitor) else { return nil }
        do {
            let sum = try sum(ChunkIDCursor.decode(bytes, list: list), &visitor)
            if let sum { wholeLists[list] = sum }
            return sum
        } catch let error as RepositoryError where error.kind == .damaged {
            try visitor.unreadable(list: list, error)
            return nil
        }
    }

    private func sum(_ ids: [ChunkID], _ visitor: inout some Visitor) throws -> Int64? {
        var sum: Int64? = 0
        for id in ids {
            let length = try visitor.visit(file: id)
            sum = if let sum, let length { sum + Int64(length) } else { nil }
        }
        return sum
    }

    private func read(_ id: ChunkID, _ visitor: inout some Visitor) throws -> [UInt8]? {
        guard try visitor.visit(list: id) else { return nil }
        do {
            return try source.read(id)
        } catch let error as RepositoryError {
            try visitor.unreadable(list: id, error)
            return nil
        }
    }
}
