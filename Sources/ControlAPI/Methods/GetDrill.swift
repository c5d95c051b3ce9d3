/// The method `GetDrill` of the interface; see its description for what the fields mean.
package enum GetDrill: ControlMethod {
    package static let name = "GetDrill"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String?

        package init(id: String? = nil) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var report: DrillReport

        package init(report: DrillReport) {
            self.report = report
        }
    }
}
