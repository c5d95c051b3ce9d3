/// The method `CancelJob` of the interface; see its description for what the fields mean.
package enum CancelJob: ControlMethod {
    package static let name = "CancelJob"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String

        package init(id: String) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var job: Job

        package init(job: Job) {
            self.job = job
        }
    }
}
