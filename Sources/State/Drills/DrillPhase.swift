/// A part of a drill and the time it took.
package struct DrillPhase: Sendable, Hashable, Codable {
    /// What was done: `restore`, `start`, `replay`, …
    package var name: String
    /// How long it took.
    package var seconds: Double

    package init(name: String, seconds: Double) {
        self.name = name
        self.seconds = seconds
    }
}
