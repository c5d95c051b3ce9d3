/// The method `GetReceptionIndexes` of the interface; see its description for what the fields mean.
package enum GetReceptionIndexes: ControlMethod {
    package static let name = "GetReceptionIndexes"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var indexes: [ReceptionIndex]

        package init(indexes: [ReceptionIndex]) {
            self.indexes = indexes
        }
    }
}
