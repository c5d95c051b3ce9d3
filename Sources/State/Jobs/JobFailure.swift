/// Why a job failed, as the operator is told.
package struct JobFailure: Sendable, Hashable, Codable {
    /// The stable word for the error, camelCase.
    package var code: String
    /// What went wrong.
    package var message: String
    /// What the operator can do about it.
    package var hint: String?

    package init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
