/// What a pack holds, as its end tells.
package struct PackDirectory: Sendable, Hashable {
    /// What kind of chunks the pack holds.
    package var kind: PackKind
    /// The codec of its frames.
    package var codec: Codec
    /// Its frames, in order and without gaps.
    package var entries: [PackEntry]

    package init(kind: PackKind, codec: Codec, entries: [PackEntry]) {
        self.kind = kind
        self.codec = codec
        self.entries = entries
    }

    /// The length of all frames, in bytes: where the directory begins.
    package var framesBytes: Int64 {
        entries.last.map { Int64($0.offset + $0.storedBytes) } ?? 0
    }

    /// Reads the directory of a pack in the store.
    ///
    /// - Throws: ``RepositoryError``: `damaged`, naming the object, when the directory is not exactly what the format says.
    package static func read(_ pack: Digest, from store: any ObjectStore) throws -> PackDirectory {
        try read(store.open(ObjectName.pack(pack)))
    }

    /// Reads the directory of an open pack. See ``read(_:from:)``.
    package static func read(_ object: any ObjectHandle) throws -> PackDirectory {
        do {
            let tail = try PackTail.find(in: object)
            let stored = try FrameBuffer(reading: object, at: tail.start, count: tail.storedBytes)
            let directory = try withExtendedLifetime(stored) { try parse(payload: tail.payload(of: stored.bytes)) }
            guard directory.codec == .gzip ? tail.isGzip : !tail.isGzip else {
                throw damage("its form is not that of its codec")
            }
            guard directory.framesBytes == tail.start else { throw damage("its frames don't fill the pack") }
            return directory
        } catch let error as RepositoryError where error.kind == .damaged {
            throw RepositoryError(
                .damaged,
                "the directory of '\(object.name)' is damaged: \(error.message)",
                hint: "Run 'recyclicctl verify --full all' to see which backups need it."
            )
        }
    }

    /// What is wrong with a directory; the caller adds which pack it is.
    static func damage(_ what: String) -> RepositoryError {
        RepositoryError(.damaged, what)
    }
}
