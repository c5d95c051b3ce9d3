/// The method `AcknowledgeAlert` of the interface; see its description for what the fields mean.
package enum AcknowledgeAlert: ControlMethod {
    package static let name = "AcknowledgeAlert"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String
        package var reason: String?

        package init(id: String, reason: String? = nil) {
            self.id = id
            self.reason = reason
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var alerts: [Alert]
        package var unwritten: Failure?

        package init(alerts: [Alert], unwritten: Failure? = nil) {
            self.alerts = alerts
            self.unwritten = unwritten
        }
    }
}
