package import Blocking
package import Repository

/// A backup opened for reading: its manifest, its file table and the index, with the repository locked for a reader as
/// long as the object lives.
///
/// Its calls block. Not Sendable: made and used on one thread.
package final class BackupContents {
    /// The repository.
    package let repository: Repository
    /// The backup.
    package let manifest: BackupManifest
    /// The open index.
    package let index: ChunkIndex
    private let lock: RepositoryLock
    private let reader: ChunkReader

    /// Opens a backup.
    ///
    /// - Throws: ``RepositoryError``.
    package init(
        repository: Repository,
        manifest: BackupManifest,
        cancellation: CancellationFlag? = nil
    ) throws {
        self.repository = repository
        self.manifest = manifest
        lock = try repository.lockForReading(cancellation: cancellation)
        index = try ChunkIndex.openForRestoring(repository.store)
        reader = try ChunkReader(store: repository.store, index: index)
    }

    deinit {
        lock.release()
    }

    /// PostgreSQL's major version.
    package var majorVersion: Int { manifest.server.versionNumber / 10_000 }

    /// The size of all WAL files, in bytes.
    package var walBytes: Int64 { manifest.walObjects.map(\.bytes).reduce(0, +) }

    /// The bytes of a small file of the backup; `nil` when it has none of that path.
    ///
    /// - Throws: ``RepositoryError``, `damaged` for a file above 8 MiB too.
    package func file(_ path: String) throws -> [UInt8]? {
        let table = try FileTableReader(root: manifest.table.root, source: reader)
        guard let entry = try table.entry(forPath: path), entry.type == .file else { return nil }
        var bytes: [UInt8] = []
        var ids = table.chunkIDs(of: entry)
        while let id = try ids.next() {
            bytes += try reader.read(id)
            guard bytes.count <= 8 << 20 else {
                throw RepositoryError(.damaged, "'\(path)' of backup '\(manifest.id)' is larger than it can be")
            }
        }
        return bytes
    }

    /// A small text file of the backup; `nil` when it has none of that path.
    package func text(_ path: String) throws -> String? {
        try file(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The backup's control file.
    ///
    /// - Throws: ``RestoreError``, `controlFileInvalid`, when it is missing or of another cluster.
    package func controlFile() throws -> ControlFile {
        guard let bytes = try file("global/pg_control") else {
            throw RestoreError(.controlFileInvalid, "backup '\(manifest.id)' has no 'global/pg_control'")
        }
        let control = try ControlFile(bytes)
        guard "\(control.systemIdentifier)" == manifest.cluster else {
            throw RestoreError(
                .controlFileInvalid,
                "backup '\(manifest.id)' holds the control file of cluster \(control.systemIdentifier)"
            )
        }
        return control
    }
}
