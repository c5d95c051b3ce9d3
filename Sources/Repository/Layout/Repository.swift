package import Blocking
import Glibc

/// A repository: a folder with all that is needed to restore the backups in it.
///
/// Its calls block; make them on a thread of their own (``onThread(_:_:)``).
package final class Repository: Sendable {
    /// The folder.
    package let path: String
    /// Its objects.
    package let store: any ObjectStore
    /// What it says of itself.
    package let header: RepositoryHeader
    /// What was read of its manifests and marks before.
    let catalogue: BackupCatalogue

    /// The repository's id, a UUID.
    package var id: String { header.id }

    private init(path: String, store: any ObjectStore, header: RepositoryHeader, catalogueFolder: String?) {
        self.path = path
        self.store = store
        self.header = header
        catalogue = BackupCatalogue(folder: catalogueFolder, repository: header.id)
    }

    /// Makes a repository in a new or empty folder.
    ///
    /// - Parameters:
    ///   - path: The folder; its parent must exist. Its mode becomes 0700.
    ///   - catalogueFolder: An existing folder of the caller's for ``BackupCatalogue``'s file; `nil` for none.
    ///   - time: What to write down as the time of creation.
    /// - Throws: ``RepositoryError``: `folderNotEmpty` when there is something else in it, `alreadyExists` when it is a
    ///   repository already.
    package static func create(
        at path: String,
        catalogueFolder: String? = nil,
        now time: UTCTime = .now
    ) throws -> Repository {
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            let number = errno
            let hint = number == ENOENT ? "Make the folder above it first, or check BACKUP_REPOSITORY." : nil
            let error = RepositoryError(errno: number, "make the folder", path: path)
            throw RepositoryError(error.kind, error.message, hint: hint ?? error.hint)
        }
        let store = LocalObjectStore(root: path)
        guard try !store.exists(ObjectName.repository) else {
            throw RepositoryError(.alreadyExists, "'\(path)' is a repository already")
        }
        guard try isEmpty(path) else {
            throw RepositoryError(
                .folderNotEmpty,
                "'\(path)' holds files that are not a repository's",
                hint: "Name another folder in BACKUP_REPOSITORY, or empty this one."
            )
        }
        guard chmod(path, 0o700) == 0 else { throw RepositoryError(errno: errno, "chmod", path: path) }
        _ = try OpenFile.open("\(path)/lock", O_RDWR | O_CREAT | O_NOFOLLOW)
        let header = RepositoryHeader(createdAt: time)
        // Last, for it is what makes the folder a repository; its folder's sync covers `lock` and `tmp` too.
        try store.put(bytes: header.encoded(), as: ObjectName.repository)
        return try open(at: path, catalogueFolder: catalogueFolder)
    }

    /// Opens a repository.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - catalogueFolder: An existing folder of the caller's for ``BackupCatalogue``'s file; `nil` for none.
    /// - Throws: ``RepositoryError``: `notARepository`, `unsupportedFormat`, and what the file system says.
    package static func open(at path: String, catalogueFolder: String? = nil) throws -> Repository {
        try open(at: path, store: LocalObjectStore(root: path), catalogueFolder: catalogueFolder)
    }

    /// Opens the repository whose objects lie in `store`; its locks lie in the folder `path`.
    package static func open(
        at path: String,
        store: any ObjectStore,
        catalogueFolder: String? = nil
    ) throws -> Repository {
        let file = "\(path)/\(ObjectName.repository)"
        do {
            let bytes = try store.get(ObjectName.repository, limit: 1 << 16)
            let header = try RepositoryHeader(decoding: bytes, path: file)
            return Repository(path: path, store: store, header: header, catalogueFolder: catalogueFolder)
        } catch let error as RepositoryError where error.kind == .notFound {
            throw RepositoryError(
                .notARepository,
                "'\(path)' is not a repository: '\(ObjectName.repository)' is missing",
                hint: "Check BACKUP_REPOSITORY; the first backup makes a repository in an empty folder."
            )
        }
    }

    /// Opens the repository in a folder, and makes one when the folder is missing or empty.
    package static func openOrCreate(
        at path: String,
        catalogueFolder: String? = nil,
        now time: UTCTime = .now
    ) throws -> Repository {
        let store = LocalObjectStore(root: path)
        if try store.exists(ObjectName.repository) { return try open(at: path, catalogueFolder: catalogueFolder) }
        return try create(at: path, catalogueFolder: catalogueFolder, now: time)
    }

    /// Takes the writer's lock and removes what dead writers left in `tmp/`.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for another writer; zero to try once.
    ///   - cancellation: Ends the waiting.
    /// - Throws: ``RepositoryError`` `repositoryLocked`; `CancellationError`.
    package func lockForWriting(
        patience: Duration = .zero,
        cancellation: CancellationFlag? = nil
    ) throws -> RepositoryLock {
        let lock = try RepositoryLock.take(.writing, path: path, patience: patience, cancellation: cancellation)
        try removeTemporaries()
        return lock
    }

    /// Takes a reader's lock: while it is held nothing is removed.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for a sweep to end.
    ///   - cancellation: Ends the waiting.
    /// - Throws: ``RepositoryError`` `repositoryLocked`; `CancellationError`.
    package func lockForReading(
        patience: Duration = .seconds(60),
        cancellation: CancellationFlag? = nil
    ) throws -> RepositoryLock {
        try RepositoryLock.take(.reading, path: path, patience: patience, cancellation: cancellation)
    }

    /// The folder for files being written; made when it is missing.
    func temporaryFolder() throws -> String {
        let folder = "\(path)/tmp"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw RepositoryError(errno: errno, "make the folder", path: folder)
        }
        return folder
    }

    /// What can't be removed stays and does no harm: new temporary files have new names.
    private func removeTemporaries() throws {
        for name in try Self.entries("\(path)/tmp") { removeTree("\(path)/tmp/\(name)") }
    }

    /// Whether a folder holds nothing but what an interrupted creation leaves.
    private static func isEmpty(_ path: String) throws -> Bool {
        try entries(path).allSatisfy { ["lock", "tmp", "lost+found"].contains($0) }
    }

    private static func entries(_ path: String) throws -> [String] {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return [] }
            throw RepositoryError(errno: errno, "list", path: path)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
