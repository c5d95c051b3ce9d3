/// The method `ListAlerts` of the interface; see its description for what the fields mean.
package enum ListAlerts: ControlMethod {
    package static let name = "ListAlerts"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var all: Bool?
        package var limit: Int64?

        package init(all: Bool? = nil, limit: Int64? = nil) {
            self.all = all
            self.limit = limit
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var alerts: [Alert]
        package var silences: [Silence]
        package var recipients: [AlertRecipient]

        package init(alerts: [Alert], silences: [Silence], recipients: [AlertRecipient]) {
            self.alerts = alerts
            self.silences = silences
            self.recipients = recipients
        }
    }
}
