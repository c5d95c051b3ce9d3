/// The method `ListEvents` of the interface; see its description for what the fields mean.
package enum ListEvents: ControlMethod {
    package static let name = "ListEvents"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var since: String?
        package var until: String?
        package var kinds: [String]?
        package var limit: Int64?

        package init(since: String? = nil, until: String? = nil, kinds: [String]? = nil, limit: Int64? = nil) {
            self.since = since
            self.until = until
            self.kinds = kinds
            self.limit = limit
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var events: [Event]

        package init(events: [Event]) {
            self.events = events
        }
    }
}
