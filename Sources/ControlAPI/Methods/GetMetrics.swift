/// The method `GetMetrics` of the interface; see its description for what the fields mean.
package enum GetMetrics: ControlMethod {
    package static let name = "GetMetrics"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var text: String

        package init(text: String) {
            self.text = text
        }
    }
}
