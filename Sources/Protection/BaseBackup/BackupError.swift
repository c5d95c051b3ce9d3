import Blocking

/// Why a base backup failed.
package struct BackupError: OperatorError {
    /// A stable word, such as `backupStandby`.
    package let code: String
    package let message: String
    package let hint: String?

    /// - Parameters:
    ///   - code: A stable camelCase word.
    ///   - message: What happened; lower case, without a full stop.
    ///   - hint: What to do about it.
    package init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
