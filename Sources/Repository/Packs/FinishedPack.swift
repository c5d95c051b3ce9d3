/// A pack that lies in the store.
package struct FinishedPack: Sendable {
    /// The SHA-256 of its bytes, which names it.
    package var digest: Digest
    /// What it holds.
    package var kind: PackKind
    /// The codec of its frames.
    package var codec: Codec
    /// Its size in bytes, directory included.
    package var bytes: Int64
    /// Its frames, in order.
    package var entries: [PackEntry]

    package init(digest: Digest, kind: PackKind, codec: Codec, bytes: Int64, entries: [PackEntry]) {
        self.digest = digest
        self.kind = kind
        self.codec = codec
        self.bytes = bytes
        self.entries = entries
    }

    /// The object's name.
    package var name: String {
        ObjectName.pack(digest)
    }
}

extension FinishedPack {
    /// Reads what a pack in the store holds.
    ///
    /// - Throws: ``RepositoryError``: `damaged` when its directory is.
    package init(reading pack: Digest, from store: any ObjectStore) throws {
        let object = try store.open(ObjectName.pack(pack))
        let directory = try PackDirectory.read(object)
        self.init(
            digest: pack,
            kind: directory.kind,
            codec: directory.codec,
            bytes: object.size,
            entries: directory.entries
        )
    }
}
