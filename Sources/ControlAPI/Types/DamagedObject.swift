/// An object of the repository that is not what it was; the fields are those of `DamagedObject` in the interface description.
package struct DamagedObject: Codable, Sendable, Hashable {
    package var name: String
    package var reason: String
    package var affects: [String]

    package init(name: String, reason: String, affects: [String]) {
        self.name = name
        self.reason = reason
        self.affects = affects
    }
}
