import Blocking

/// A folder that the daemon needs can't be used.
struct FolderError: OperatorError {
    let path: String
    let reason: String

    var code: String { "folderUnusable" }
    var message: String { "the folder \"\(path)\" can't be used: \(reason)" }
    var hint: String? {
        "Make it and give it to the daemon's user, or set RUNTIME_DIRECTORY and STATE_DIRECTORY to folders of your own."
    }
}
