/// One timed phase of a drill; the fields are those of `Phase` in the interface description.
package struct Phase: Codable, Sendable, Hashable {
    package var name: String
    package var durationSeconds: Double

    package init(name: String, durationSeconds: Double) {
        self.name = name
        self.durationSeconds = durationSeconds
    }
}
