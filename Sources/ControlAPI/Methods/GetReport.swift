/// The method `GetReport` of the interface; see its description for what the fields mean.
package enum GetReport: ControlMethod {
    package static let name = "GetReport"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var since: String
        package var until: String?

        package init(since: String, until: String? = nil) {
            self.since = since
            self.until = until
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var report: Report

        package init(report: Report) {
            self.report = report
        }
    }
}
