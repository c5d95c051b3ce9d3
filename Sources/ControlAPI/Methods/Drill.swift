/// The method `Drill` of the interface; see its description for what the fields mean.
package enum Drill: ControlMethod {
    package static let name = "Drill"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var target: String?
        package var wait: Bool?

        package init(target: String? = nil, wait: Bool? = nil) {
            self.target = target
            self.wait = wait
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var job: Job
        package var report: DrillReport?

        package init(job: Job, report: DrillReport? = nil) {
            self.job = job
            self.report = report
        }
    }
}
