import Blocking

/// The folder of the repository holds something else than it did: most likely its disk is not mounted.
struct RepositoryGone: OperatorError {
    let path: String
    /// The id of the repository that was there.
    let known: String

    var code: String { "repositoryGone" }
    var message: String { "\"\(path)\" does not hold the repository \(known) any more, which was there before" }
    var hint: String? {
        "Is its disk mounted? To begin a new repository there, choose another folder, or remove the file "
            + "'\(KnownRepository.fileName)' in the state directory."
    }
}
