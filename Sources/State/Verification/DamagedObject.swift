package import FoundationEssentials

/// An object of the repository that is missing or not what its name says.
package struct DamagedObject: Sendable, Hashable {
    /// Its name in the repository.
    package var name: String
    /// When the damage was found first.
    package var foundAt: Date
    /// What is wrong with it.
    package var reason: String

    package init(name: String, foundAt: Date, reason: String) {
        self.name = name
        self.foundAt = foundAt
        self.reason = reason
    }
}
