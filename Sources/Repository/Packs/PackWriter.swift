/// Writes one pack. Memory: a buffer, and the directory's entries. Not Sendable: one thread writes a pack.
package final class PackWriter {
    /// A pack is closed when its frames reach this many bytes.
    package static let fullBytes: Int64 = 16 << 20
    /// A pack is closed when it has this many frames.
    package static let fullEntries = 32_768

    /// What the pack holds.
    package let kind: PackKind
    /// The codec of its frames.
    package let codec: Codec
    /// What has been added.
    package private(set) var entries: [PackEntry] = []
    private let object: StagedObject

    /// Makes the pack's temporary file.
    ///
    /// - Parameters:
    ///   - kind: What the pack will hold.
    ///   - codec: The codec of its frames; a delta pack's is zstd whatever is given.
    ///   - store: Where the pack goes.
    package init(kind: PackKind, codec: Codec, store: any ObjectStore) throws {
        self.kind = kind
        self.codec = kind == .delta ? .zstd : codec
        object = try StagedObject(in: store)
    }

    /// The length of all frames so far, in bytes.
    package var storedBytes: Int64 {
        object.count
    }

    /// Whether the pack must be finished before more is added.
    package var isFull: Bool {
        storedBytes >= PackWriter.fullBytes || entries.count >= PackWriter.fullEntries
    }

    /// Whether nothing has been added.
    package var isEmpty: Bool {
        entries.isEmpty
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: The frame, of the pack's codec.
    ///   - id: The chunk's id.
    ///   - rawBytes: The chunk's length.
    ///   - base: In a delta pack, the chunk that the frame was made against.
    ///   - depth: In a delta pack, one more than the base's depth.
    package func append(
        _ frame: UnsafeRawBufferPointer,
        id: ChunkID,
        rawBytes: Int,
        base: ChunkID? = nil,
        depth: UInt8 = 0
    ) throws {
        precondition(!isFull, "a full pack must be finished")
        precondition((kind == .delta) == (base != nil) && (depth > 0) == (base != nil), "only deltas have a base")
        entries.append(
            PackEntry(
                id: id,
                offset: Int(object.count),
                storedBytes: frame.count,
                rawBytes: rawBytes,
                base: base,
                depth: depth
            )
        )
        try object.append(frame)
    }

    /// Adds the directory and puts the pack into the store, durably. Nothing may follow.
    package func finish() throws -> FinishedPack {
        let directory = PackDirectory(kind: kind, codec: codec, entries: entries)
        let nonce = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        try directory.encoded(nonce: nonce).withUnsafeBytes { try object.append($0) }
        let digest = try object.put(as: ObjectName.pack)
        return FinishedPack(digest: digest, kind: kind, codec: codec, bytes: object.count, entries: entries)
    }
}
