/// The method `ListJobs` of the interface; see its description for what the fields mean.
package enum ListJobs: ControlMethod {
    package static let name = "ListJobs"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var limit: Int64?

        package init(limit: Int64? = nil) {
            self.limit = limit
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var jobs: [Job]

        package init(jobs: [Job]) {
            self.jobs = jobs
        }
    }
}
