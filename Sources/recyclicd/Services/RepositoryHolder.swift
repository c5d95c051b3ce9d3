import Blocking
import Repository
import Synchronization

/// The repository, opened when it is first needed and kept open; made on first use in a new or empty folder.
///
/// A folder that can't be opened (a disk that is not mounted, a right that is missing) is tried again each time, so that
/// mending it needs no restart. A disk that hangs holds one thread that asks it, and whoever wants to know learns that it
/// is silent.
final class RepositoryHolder: Sendable {
    private let path: String
    private let stateFolder: String
    private let patience: Duration
    private let readingPatience: Duration
    /// Used by the one question under way only.
    private let opened = Mutex<Repository?>(nil)
    /// What the disk is being asked at the moment, or was asked last; whoever wants to know waits for the same answer.
    private let question = Mutex<ThreadWork<Repository>?>(nil)
    /// How long each piece of work has been under way that nobody waits for any more; `nil` once it is over.
    private let abandoned = Mutex<[@Sendable () -> Duration?]>([])

    /// - Parameters:
    ///   - path: The repository's folder.
    ///   - stateFolder: The folder for the local catalogue, which makes listing instant, and for the memory of which
    ///     repository it is.
    ///   - patience: How long the disk may take to show what lies there; one that was spun down takes some 10 s.
    ///   - readingPatience: How long a piece of work with the repository may take.
    init(
        path: String,
        stateFolder: String,
        patience: Duration = .seconds(30),
        readingPatience: Duration = .seconds(120)
    ) {
        self.path = path
        self.stateFolder = stateFolder
        self.patience = patience
        self.readingPatience = readingPatience
    }

    /// The repository.
    ///
    /// It is looked at anew each time: its disk may have gone from under the daemon.
    ///
    /// - Throws: ``RepositoryError``; ``RepositoryGone`` when another one, or none, lies where one was;
    ///   ``RepositorySilent`` when its disk has not answered in time, and at once while that question has no answer.
    func open() async throws -> Repository {
        let asked = currentQuestion()
        return try await result(of: asked, within: patience - asked.age)
    }

    /// Runs a short piece of work with the repository on a thread of its own.
    ///
    /// - Throws: As ``open()``, and what `body` throws; ``RepositorySilent`` also at once while an earlier piece of work is overdue.
    ///   After it the work may still go on, and even succeed.
    func use<Result: Sendable>(_ body: @escaping @Sendable (Repository) throws -> Result) async throws -> Result {
        // No further thread is to run into what holds that one.
        guard !isOverdue else { throw RepositorySilent(path: path) }
        let repository = try await open()
        let work = ThreadWork("repository") { try body(repository) }
        defer {
            if work.outcome == nil { abandoned.withLock { $0.append { work.outcome == nil ? work.age : nil } } }
        }
        return try await result(of: work, within: readingPatience)
    }

    private func result<Value>(of work: ThreadWork<Value>, within patience: Duration) async throws -> Value {
        guard let outcome = await work.outcome(within: patience) else {
            try Task.checkCancellation()
            throw RepositorySilent(path: path)
        }
        return try outcome.get()
    }

    /// Whether a piece of work takes longer than any may. One whose caller was merely cancelled says nothing of the disk yet.
    private var isOverdue: Bool {
        abandoned.withLock { abandoned in
            abandoned.removeAll { $0() == nil }
            return abandoned.contains { ($0() ?? .zero) >= readingPatience }
        }
    }

    private func currentQuestion() -> ThreadWork<Repository> {
        question.withLock { question in
            if let question, question.outcome == nil { return question }
            let asked = ThreadWork("repository") { try self.openOrCreate() }
            question = asked
            return asked
        }
    }

    /// One at a time, so that two can't make a repository in the same folder.
    private func openOrCreate() throws -> Repository {
        let known = KnownRepository.load(from: stateFolder)
        guard let known, known.path == path else {
            let repository = try Repository.openOrCreate(at: path, catalogueFolder: stateFolder)
            KnownRepository(path: path, id: repository.id).save(to: stateFolder)
            return keep(repository)
        }
        // Without the catalogue only the header is read; the one that is open keeps its catalogue in memory.
        var present: String?
        do {
            present = try Repository.open(at: path).id
        } catch let error as RepositoryError where error.kind == .notARepository || error.kind == .notFound {}
        guard present == known.id else {
            opened.withLock { $0 = nil }
            throw RepositoryGone(path: path, known: known.id)
        }
        if let opened = opened.withLock({ $0 }) { return opened }
        return keep(try Repository.open(at: path, catalogueFolder: stateFolder))
    }

    private func keep(_ repository: Repository) -> Repository {
        opened.withLock { $0 = repository }
        return repository
    }
}
