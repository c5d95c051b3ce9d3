import Blocking

/// The user may not read the repository.
struct NotPermitted: OperatorError {
    let path: String

    var code: String { "permissionDenied" }
    var message: String { "this user may not read the repository \"\(path)\"" }
    var hint: String? { "Run with sudo." }
}
