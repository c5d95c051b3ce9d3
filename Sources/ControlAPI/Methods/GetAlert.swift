/// The method `GetAlert` of the interface; see its description for what the fields mean.
package enum GetAlert: ControlMethod {
    package static let name = "GetAlert"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String

        package init(id: String) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var alert: Alert
        package var deliveries: [Delivery]

        package init(alert: Alert, deliveries: [Delivery]) {
            self.alert = alert
            self.deliveries = deliveries
        }
    }
}
