import Blocking
import Repository
import Synchronization

/// The repository, opened when it is first needed and kept open; made on first use in a new or empty folder.
///
/// A folder that can't be opened (a disk that is not mounted, a right that is missing) is tried again each time, so that
/// mending it needs no restart.
final class RepositoryHolder: Sendable {
    private let path: String
    private let stateFolder: String
    private let opened = Mutex<Repository?>(nil)

    /// - Parameters:
    ///   - path: The repository's folder.
    ///   - stateFolder: The folder for the local catalogue, which makes listing instant, and for the memory of which
    ///     repository it is.
    init(path: String, stateFolder: String) {
        self.path = path
        self.stateFolder = stateFolder
    }

    /// The repository. Blocks: call it on a thread.
    ///
    /// It is looked at anew each time: its disk may have gone from under the daemon.
    ///
    /// - Throws: ``RepositoryError``; ``RepositoryGone`` when another one, or none, lies where one was.
    func openOrCreate() throws -> Repository {
        try opened.withLock { opened in
            let known = KnownRepository.load(from: stateFolder)
            guard let known, known.path == path else {
                let repository = try Repository.openOrCreate(at: path, catalogueFolder: stateFolder)
                KnownRepository(path: path, id: repository.id).save(to: stateFolder)
                opened = repository
                return repository
            }
            // Without the catalogue only the header is read; the one that is open keeps its catalogue in memory.
            var present: String?
            do {
                present = try Repository.open(at: path).id
            } catch let error as RepositoryError where error.kind == .notARepository || error.kind == .notFound {}
            guard present == known.id else {
                opened = nil
                throw RepositoryGone(path: path, known: known.id)
            }
            if let opened { return opened }
            let repository = try Repository.open(at: path, catalogueFolder: stateFolder)
            opened = repository
            return repository
        }
    }

    /// Runs `body` with the repository on a thread of its own.
    func use<Result: Sendable>(_ body: @escaping @Sendable (Repository) throws -> Result) async throws -> Result {
        try await onThread("repository") { try body(try self.openOrCreate()) }
    }
}
