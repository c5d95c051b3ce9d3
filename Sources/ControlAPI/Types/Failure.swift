/// What went wrong and what to do; the fields are those of `Failure` in the interface description.
package struct Failure: Codable, Sendable, Hashable {
    package var code: String
    package var message: String
    package var hint: String?

    package init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
