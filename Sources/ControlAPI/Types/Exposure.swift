/// The data that would be lost now; the fields are those of `Exposure` in the interface description.
package struct Exposure: Codable, Sendable, Hashable {
    package var state: String
    package var seconds: Double?
    package var basis: String

    package init(state: String, seconds: Double? = nil, basis: String) {
        self.state = state
        self.seconds = seconds
        self.basis = basis
    }
}
