import Blocking

/// Copies needed frames out of sparse packs into new ones, byte for byte: a delta stays the delta it is.
final class Repacker {
    private struct Family: Hashable {
        var kind: PackKind
        var codec: Codec
    }

    private let store: any ObjectStore
    private let index: IndexFile
    private let live: Bitmap
    private var writers: [Family: PackWriter] = [:]
    private var indexWriter: IndexWriter?
    private let frame = FrameBuffer()

    /// How many packs were written.
    private(set) var writtenPacks = 0
    /// Their bytes.
    private(set) var writtenBytes: Int64 = 0

    /// - Parameters:
    ///   - store: The repository's objects.
    ///   - index: The index that `live` refers to.
    ///   - live: The positions of needed entries.
    init(store: any ObjectStore, index: IndexFile, live: Bitmap) {
        self.store = store
        self.index = index
        self.live = live
    }

    /// Copies the needed frames of one pack.
    ///
    /// The whole pack is checked first: a copy of a rotten frame would carry a right digest.
    ///
    /// - Throws: ``RepositoryError`` `damaged` before anything was copied.
    func move(_ pack: Digest, number: Int, cancellation: CancellationFlag?) throws {
        let object = try store.open(ObjectName.pack(pack))
        try ObjectDigest.check(object, cancellation: cancellation)
        let directory = try PackDirectory.read(object)
        for entry in directory.entries {
            try cancellation?.check()
            guard try isLive(entry, in: number) else { continue }
            let writer = try writer(for: Family(kind: directory.kind, codec: directory.codec))
            try frame.read(object, at: Int64(entry.offset), count: entry.storedBytes)
            try writer.append(
                frame.bytes,
                id: entry.id,
                rawBytes: entry.rawBytes,
                base: entry.base,
                depth: entry.depth
            )
        }
    }

    /// Puts the last packs and their index into the store.
    func finish() throws {
        for family in Array(writers.keys) { try close(family) }
        _ = try indexWriter?.finish()
        indexWriter = nil
    }

    private func isLive(_ entry: PackEntry, in number: Int) throws -> Bool {
        var isLive = false
        try index.visit(entry.id) { position, found in
            guard found.packNumber == number, found.offset == entry.offset else { return true }
            isLive = live.contains(position)
            return false
        }
        return isLive
    }

    private func writer(for family: Family) throws -> PackWriter {
        if let open = writers[family], open.isFull { try close(family) }
        if let open = writers[family] { return open }
        let made = try PackWriter(kind: family.kind, codec: family.codec, store: store)
        writers[family] = made
        return made
    }

    private func close(_ family: Family) throws {
        guard let writer = writers.removeValue(forKey: family), !writer.isEmpty else { return }
        let pack = try writer.finish()
        writtenPacks += 1
        writtenBytes += pack.bytes
        let index: IndexWriter
        if let indexWriter { index = indexWriter } else { index = try IndexWriter(in: store) }
        indexWriter = index
        try index.add(pack)
    }
}
