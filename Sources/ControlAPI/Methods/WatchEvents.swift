/// The method `WatchEvents` of the interface; see its description for what the fields mean.
package enum WatchEvents: ControlMethod {
    package static let name = "WatchEvents"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var after: Int64?
        package var since: String?
        package var kinds: [String]?
        package var limit: Int64?

        package init(after: Int64? = nil, since: String? = nil, kinds: [String]? = nil, limit: Int64? = nil) {
            self.after = after
            self.since = since
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
