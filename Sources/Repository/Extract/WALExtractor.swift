package import Blocking
import Glibc

/// Writes the WAL files that a backup names, decompressed, to a folder.
package struct WALExtractor: Sendable {
    private let repository: Repository
    private let manifest: BackupManifest
    private let workers: Int
    private let cancellation: CancellationFlag

    /// - Parameters:
    ///   - repository: The repository; the caller holds its reader's lock.
    ///   - manifest: The backup.
    ///   - workers: How many threads decompress; at least 1.
    ///   - cancellation: Ends the work.
    package init(
        repository: Repository,
        manifest: BackupManifest,
        workers: Int = 2,
        cancellation: CancellationFlag
    ) {
        self.repository = repository
        self.manifest = manifest
        self.workers = max(1, workers)
        self.cancellation = cancellation
    }

    /// Writes all segments and history files, each checked against the digest in its object's name and its size.
    ///
    /// - Parameters:
    ///   - folder: An existing folder.
    ///   - owner: Whom the files are given to.
    ///   - progress: Gets each file's bytes as they are written.
    /// - Throws: ``RepositoryError``, naming the object; `CancellationError`.
    package func extract(
        to folder: String,
        owner: ExtractionLayout.Owner?,
        progress: ProgressMeter
    ) throws {
        let objects = BlockingQueue<BackupManifest.WALObject>(capacity: workers)
        let threads = ThreadGroup()
        let failure = FirstFailure()
        for number in 1...workers {
            threads.start("restore WAL \(number)") {
                while let object = objects.take() {
                    if failure.isSet { continue }
                    do {
                        try extract(object, to: folder, owner: owner, progress: progress)
                    } catch {
                        failure.set(error)
                    }
                }
            }
        }
        for object in manifest.walObjects where !failure.isSet { objects.put(object) }
        objects.finish()
        threads.join()
        if let error = failure.error { throw error }
    }

    private func extract(
        _ object: BackupManifest.WALObject,
        to folder: String,
        owner: ExtractionLayout.Owner?,
        progress: ProgressMeter
    ) throws {
        let name = ObjectName.folder(ofCluster: manifest.cluster) + object.object
        guard isPlain(object.name) else {
            throw RepositoryError(.damaged, "the manifest names a WAL file '\(object.name)'")
        }
        let file = try TargetFile.open(Array("\(folder)/\(object.name)".utf8), O_WRONLY | O_CREAT | O_EXCL)
        try file.give(to: owner)
        do {
            try copy(name, to: file, expecting: object.bytes, progress: progress)
        } catch let error as RepositoryError where error.kind == .damaged {
            throw RepositoryError(
                .damaged,
                "WAL object '\(name)' is damaged: \(error.message)",
                hint: "This backup can't be restored: take another one ('recyclicctl backups') and run "
                    + "'recyclicctl verify --full all'."
            )
        }
    }

    private func copy(_ name: String, to file: TargetFile, expecting size: Int64, progress: ProgressMeter) throws {
        let object = try open(name)
        let decompressor = ObjectDecompressor()
        var digest = DigestStream()
        var position: Int64 = 0
        var written: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while position < object.size {
            try cancellation.check()
            let count = try object.read(at: position, into: buffer)
            guard count > 0 else { throw RepositoryError(.damaged, "it ends early") }
            position += Int64(count)
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digest.update(piece)
            try decompressor.decompress(piece) { bytes in
                guard written + Int64(bytes.count) <= size else {
                    throw RepositoryError(.damaged, "it has more than \(size) bytes")
                }
                try file.write(bytes, at: UInt64(written))
                written += Int64(bytes.count)
                progress.advance(bytes: Int64(bytes.count))
            }
        }
        try decompressor.finish()
        guard written == size else { throw RepositoryError(.damaged, "it has \(written) bytes, not \(size)") }
        guard digest.digest == ObjectName.digest(of: name) else {
            throw RepositoryError(.damaged, "its SHA-256 is \(digest.digest)")
        }
    }

    private func open(_ name: String) throws -> any ObjectHandle {
        do {
            return try repository.store.open(name)
        } catch let error as RepositoryError where error.kind == .notFound {
            throw RepositoryError(.damaged, "it is missing")
        }
    }

    private func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/")
    }
}
