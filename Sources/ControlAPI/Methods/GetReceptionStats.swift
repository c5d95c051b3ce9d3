/// The method `GetReceptionStats` of the interface; see its description for what the fields mean.
package enum GetReceptionStats: ControlMethod {
    package static let name = "GetReceptionStats"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var intervalSeconds: Int64?

        package init(intervalSeconds: Int64? = nil) {
            self.intervalSeconds = intervalSeconds
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var stats: ReceptionStats?
        package var error: Failure?

        package init(stats: ReceptionStats? = nil, error: Failure? = nil) {
            self.stats = stats
            self.error = error
        }
    }
}
