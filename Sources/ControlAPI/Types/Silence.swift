/// For a while nobody is told of something; the fields are those of `Silence` in the interface description.
package struct Silence: Codable, Sendable, Hashable {
    package var id: String
    package var code: String?
    package var reason: String
    package var by: String
    package var createdAt: String
    package var endsAt: String

    package init(
        id: String,
        code: String? = nil,
        reason: String,
        by: String,
        createdAt: String,
        endsAt: String
    ) {
        self.id = id
        self.code = code
        self.reason = reason
        self.by = by
        self.createdAt = createdAt
        self.endsAt = endsAt
    }
}
