package import Blocking
import Glibc
package import Repository

/// Writes a dump, or the roles beside it, to a plain file.
package struct DumpExport {
    /// What is written.
    package enum Part: Sendable {
        /// What pg_dump wrote, for pg_restore.
        case database
        /// The SQL that makes roles and tablespaces, for psql.
        case globals
    }

    private let repository: Repository
    private let manifest: BackupManifest
    private let file: String
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter?

    /// - Parameters:
    ///   - repository: The repository.
    ///   - manifest: The dump.
    ///   - part: What of it.
    ///   - cancellation: Ends the work, and leaves no file.
    ///   - progress: Gets the phase `exporting`.
    /// - Throws: ``RestoreError`` for a backup that has no such part.
    package init(
        _ repository: Repository,
        _ manifest: BackupManifest,
        _ part: Part = .database,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) throws {
        guard let facts = manifest.dump else {
            throw RestoreError(
                .backupUnusable,
                "backup '\(manifest.id)' is a base backup, which is not one file",
                hint: "Restore it into a folder: recyclicctl restore \(manifest.id) --to DIR"
            )
        }
        switch part {
        case .database: file = facts.file
        case .globals:
            guard let globals = facts.globalsFile else {
                throw RestoreError(.backupUnusable, "backup '\(manifest.id)' holds no roles")
            }
            file = globals
        }
        self.repository = repository
        self.manifest = manifest
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Writes to a file that does not exist yet, readable for its owner alone. It gets its name when all of it is there and on
    /// the disk; a file that appears under that name meanwhile stays as it is.
    ///
    /// - Returns: Its size, in bytes.
    /// - Throws: ``RestoreError`` `targetNotEmpty` when there is something already; ``RepositoryError``; `CancellationError`.
    package func write(to path: String) throws -> Int64 {
        guard access(path, F_OK) != 0, errno == ENOENT else { throw exists(path) }
        var template = Array("\(path).recyclic-partial-XXXXXX".utf8CString)
        // mkstemp makes it with mode 0600.
        let number = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map { mkstemp($0) } ?? -1 }
        guard number >= 0 else { throw RepositoryError(errno: errno, "make a file in", path: Folders.parent(of: path)) }
        let partial = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        defer {
            close(number)
            unlink(partial)
        }
        let size = try copy(to: number, named: path)
        guard fsync(number) == 0 else { throw RepositoryError(errno: errno, "write", path: path) }
        let code = FinalName().give(path, to: partial)
        guard code != EEXIST else { throw exists(path) }
        guard code == 0 else { throw RepositoryError(errno: code, "give its name to", path: path) }
        try Folders.sync(Folders.parent(of: path))
        return size
    }

    /// Writes to an open file or pipe.
    ///
    /// - Returns: How many bytes there were.
    /// - Throws: ``RepositoryError``; `CancellationError`.
    package func write(toDescriptor number: Int32) throws -> Int64 {
        try copy(to: number, named: "standard output")
    }

    private func copy(to number: Int32, named name: String) throws -> Int64 {
        progress?.enter("exporting", bytesTotal: file == manifest.dump?.file ? manifest.table.bytes : nil)
        let reader = try BackupFileReader(
            repository: repository,
            manifest: manifest,
            cancellation: cancellation,
            progress: progress
        )
        return try reader.copy(file) { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR {
                    try cancellation.check()
                    continue
                }
                guard count >= 0 else { throw RepositoryError(errno: errno, "write", path: name) }
                rest = rest.dropFirst(count)
            }
        }.size
    }

    private func exists(_ path: String) -> RestoreError {
        RestoreError(
            .targetNotEmpty,
            "there is something at '\(path)' already",
            hint: "Nothing is ever overwritten: name a file that does not exist."
        )
    }
}
