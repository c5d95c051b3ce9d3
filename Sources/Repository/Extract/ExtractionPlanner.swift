import Blocking
import Glibc

/// Reads the file table from end to end, makes all folders, links and (still empty) files, and notes for every chunk
/// which frames lead to it.
///
/// Memory does not grow with the number of files or chunks: paths are spooled, uses are sorted on disk.
struct ExtractionPlanner {
    private let index: ChunkIndex
    private let reader: FileTableReader
    private let layout: ExtractionLayout
    private let cancellation: CancellationFlag
    private let sorter: ExternalSorter
    private let spool: PathSpool
    private var packs = PackNumbers()
    private var oversized: [(file: UInt32, size: Int64)] = []
    private var summary = ExtractionSummary()

    init(
        index: ChunkIndex,
        reader: FileTableReader,
        layout: ExtractionLayout,
        scratch: String,
        cancellation: CancellationFlag
    ) throws {
        self.index = index
        self.reader = reader
        self.layout = layout
        self.cancellation = cancellation
        sorter = ExternalSorter(folder: scratch)
        spool = try PathSpool(folder: scratch)
    }

    /// Plans the whole table.
    mutating func plan() throws -> ExtractionPlan {
        while let entry = try reader.next() {
            try cancellation.check()
            switch try layout.place(entry) {
            case .omitted: summary.omitted += 1
            case .link(let path, let target):
                try TargetFile.makeLink(path, to: target, owner: layout.owner)
                summary.links += 1
            case .path(let path): try plan(entry, at: path)
            }
        }
        try spool.finish()
        return ExtractionPlan(
            uses: sorter,
            paths: spool.reader,
            packs: packs.digests,
            oversized: oversized,
            summary: summary
        )
    }

    private mutating func plan(_ entry: FileTableEntry, at path: [UInt8]) throws {
        let mode = entry.mode & 0o777
        switch entry.type {
        case .directory:
            try TargetFile.makeFolder(path, mode: mode | 0o700, owner: layout.owner)
            summary.folders += 1
        case .link:
            // A tablespace that was made while the backup ran: none of its files were sent, and replaying WAL makes
            // the link.
            if entry.path.hasPrefix("pg_tblspc/") {
                summary.omitted += 1
                return
            }
            // Nothing else has one: a link that nobody placed could lead out of the target.
            throw RepositoryError(.damaged, "the file table has a link '\(entry.path)', which no tablespace explains")
        case .file:
            let size = entry.size ?? 0
            let file = try TargetFile.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode | 0o600)
            try file.give(to: layout.owner)
            try file.truncate(to: size)
            summary.files += 1
            summary.bytes += size
            guard size > 0 else { return }
            try planChunks(of: entry, size: UInt64(size), file: spool.add(path))
        }
    }

    private mutating func planChunks(of entry: FileTableEntry, size: UInt64, file: UInt32) throws {
        var cursor = reader.chunkIDs(of: entry)
        var position: UInt64 = 0
        do {
            while let id = try cursor.next() {
                position += try planChunk(id, file: file, position: position, size: size)
                guard position <= size else { break }
            }
        } catch let error as RepositoryError where error.kind == .damaged {
            throw RepositoryError(.damaged, "file '\(entry.path)' can't be restored: \(error.message)", hint: Self.hint)
        }
        guard position == size else {
            let text = "file '\(entry.path)' has \(size) bytes, but its chunks have \(position)"
            throw RepositoryError(.damaged, text, hint: Self.hint)
        }
    }

    /// - Returns: The chunk's length.
    private mutating func planChunk(_ id: ChunkID, file: UInt32, position: UInt64, size: UInt64) throws -> UInt64 {
        let chain = try DeltaChain(to: id, lookup: index.lookup)
        let length = chain.links.last?.location.rawBytes ?? 0
        let room = size - min(size, position)
        let longest = chain.links.map(\.location.rawBytes).max() ?? 0
        // A base may reach beyond its range only where nothing follows, at the file's end.
        let fits = longest <= length || UInt64(length) == room
        if longest > length, fits, oversized.last?.file != file { oversized.append((file, Int64(size))) }
        var base: ChunkLocation?
        for (level, link) in chain.links.enumerated() {
            let isFinal = level == chain.links.count - 1
            defer { base = link.location }
            guard fits || isFinal else { continue }
            try add(
                FrameUse(
                    level: fits ? UInt8(level) : 0,
                    pack: packs.number(link.location.pack),
                    offset: UInt32(link.location.offset),
                    file: file,
                    position: position,
                    storedBytes: UInt32(link.location.storedBytes),
                    rawBytes: UInt32(link.location.rawBytes),
                    baseBytes: fits ? UInt32(base?.rawBytes ?? 0) : 0,
                    id: link.id,
                    codec: link.location.codec.number,
                    isFinal: isFinal,
                    needsReader: !fits
                )
            )
        }
        return UInt64(length)
    }

    private func add(_ use: FrameUse) throws {
        try use.encoded.withUnsafeBytes { try sorter.append(record: $0, keyBytes: FrameUse.keyBytes) }
    }

    static let hint =
        "Take another backup ('recyclicctl backups'), and run 'recyclicctl verify --full all' to see what is damaged."
}
