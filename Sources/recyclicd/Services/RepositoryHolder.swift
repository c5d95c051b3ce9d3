import Blocking
import Repository
import Synchronization

/// The repository, opened when it is first needed and kept open; made on first use in a new or empty folder.
///
/// A folder that can't be opened (a disk that is not mounted, a right that is missing) is tried again each time, so that
/// mending it needs no restart.
final class RepositoryHolder: Sendable {
    private let path: String
    private let catalogueFolder: String
    private let opened = Mutex<Repository?>(nil)

    /// - Parameters:
    ///   - path: The repository's folder.
    ///   - catalogueFolder: The folder for the local catalogue, which makes listing instant.
    init(path: String, catalogueFolder: String) {
        self.path = path
        self.catalogueFolder = catalogueFolder
    }

    /// The repository. Blocks: call it on a thread.
    ///
    /// - Throws: ``RepositoryError``.
    func openOrCreate() throws -> Repository {
        try opened.withLock { opened in
            if let opened { return opened }
            let repository = try Repository.openOrCreate(at: path, catalogueFolder: catalogueFolder)
            opened = repository
            return repository
        }
    }

    /// Runs `body` with the repository on a thread of its own.
    func use<Result: Sendable>(_ body: @escaping @Sendable (Repository) throws -> Result) async throws -> Result {
        try await onThread("repository") { try body(try self.openOrCreate()) }
    }
}
