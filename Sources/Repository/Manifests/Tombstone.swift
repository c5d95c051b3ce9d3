/// Names objects that nothing needs, to be removed after the grace period.
package struct Tombstone: Codable, Sendable, Equatable {
    /// When it was made.
    package var at: UTCTime
    /// The objects' names.
    package var objects: [String]
    /// Why, for a person.
    package var reason: String

    package init(at time: UTCTime, objects: [String], reason: String) {
        at = time
        self.objects = objects
        self.reason = reason
    }
}
