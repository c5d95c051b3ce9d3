/// The method `Verify` of the interface; see its description for what the fields mean.
package enum Verify: ControlMethod {
    package static let name = "Verify"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var target: String?
        package var full: Bool?
        package var wait: Bool?

        package init(target: String? = nil, full: Bool? = nil, wait: Bool? = nil) {
            self.target = target
            self.full = full
            self.wait = wait
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var job: Job
        package var report: VerifyReport?

        package init(job: Job, report: VerifyReport? = nil) {
            self.job = job
            self.report = report
        }
    }
}
