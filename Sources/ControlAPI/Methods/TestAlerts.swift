/// The method `TestAlerts` of the interface; see its description for what the fields mean.
package enum TestAlerts: ControlMethod {
    package static let name = "TestAlerts"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var results: [AlertTest]

        package init(results: [AlertTest]) {
            self.results = results
        }
    }
}
