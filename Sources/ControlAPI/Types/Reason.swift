/// Why health is what it is; the fields are those of `Reason` in the interface description.
package struct Reason: Codable, Sendable, Hashable {
    /// The code of the reason that the daemon can't read what it remembers: what only that tells is absent then.
    package static let stateUnreadable = "stateUnreadable"

    package var code: String
    package var level: String
    package var message: String
    package var since: String?
    package var hint: String?

    package init(code: String, level: String, message: String, since: String? = nil, hint: String? = nil) {
        self.code = code
        self.level = level
        self.message = message
        self.since = since
        self.hint = hint
    }
}
