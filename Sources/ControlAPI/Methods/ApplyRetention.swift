/// The method `ApplyRetention` of the interface; see its description for what the fields mean.
package enum ApplyRetention: ControlMethod {
    package static let name = "ApplyRetention"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var wait: Bool?

        package init(wait: Bool? = nil) {
            self.wait = wait
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var job: Job
        package var policy: String
        package var decisions: [RetentionDecision]

        package init(job: Job, policy: String, decisions: [RetentionDecision]) {
            self.job = job
            self.policy = policy
            self.decisions = decisions
        }
    }
}
