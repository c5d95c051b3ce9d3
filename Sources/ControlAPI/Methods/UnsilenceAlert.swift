/// The method `UnsilenceAlert` of the interface; see its description for what the fields mean.
package enum UnsilenceAlert: ControlMethod {
    package static let name = "UnsilenceAlert"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String

        package init(id: String) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var silences: [Silence]
        package var unwritten: Failure?

        package init(silences: [Silence], unwritten: Failure? = nil) {
            self.silences = silences
            self.unwritten = unwritten
        }
    }
}
