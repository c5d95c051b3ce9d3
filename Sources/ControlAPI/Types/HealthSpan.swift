/// A stretch of time in which health stayed at a level; the fields are those of `HealthSpan` in the interface description.
package struct HealthSpan: Codable, Sendable, Hashable {
    package var from: String
    package var to: String
    package var level: String?

    package init(from: String, to: String, level: String? = nil) {
        self.from = from
        self.to = to
        self.level = level
    }
}
