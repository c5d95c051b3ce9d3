/// One check of a drill; the fields are those of `Check` in the interface description.
package struct Check: Codable, Sendable, Hashable {
    package var name: String
    package var state: String
    package var detail: String?

    package init(name: String, state: String, detail: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
    }
}
