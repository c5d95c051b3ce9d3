/// A feature that the role's rights do not allow; the fields are those of `NotAvailable` in the interface description.
package struct NotAvailable: Codable, Sendable, Hashable {
    package var feature: String
    package var grant: String

    package init(feature: String, grant: String) {
        self.feature = feature
        self.grant = grant
    }
}
