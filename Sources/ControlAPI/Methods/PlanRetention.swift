/// The method `PlanRetention` of the interface; see its description for what the fields mean.
package enum PlanRetention: ControlMethod {
    package static let name = "PlanRetention"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var policy: String
        package var decisions: [RetentionDecision]

        package init(policy: String, decisions: [RetentionDecision]) {
            self.policy = policy
            self.decisions = decisions
        }
    }
}
