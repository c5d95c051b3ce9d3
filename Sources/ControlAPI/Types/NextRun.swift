/// A run that is scheduled; the fields are those of `NextRun` in the interface description.
package struct NextRun: Codable, Sendable, Hashable {
    package var kind: String
    package var at: String
    package var timeZone: String
    package var reason: String?

    package init(kind: String, at: String, timeZone: String, reason: String? = nil) {
        self.kind = kind
        self.at = at
        self.timeZone = timeZone
        self.reason = reason
    }
}
