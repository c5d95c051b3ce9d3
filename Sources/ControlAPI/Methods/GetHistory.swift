/// The method `GetHistory` of the interface; see its description for what the fields mean.
package enum GetHistory: ControlMethod {
    package static let name = "GetHistory"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var since: String
        package var until: String?
        package var by: String?

        package init(since: String, until: String? = nil, by: String? = nil) {
            self.since = since
            self.until = until
            self.by = by
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var since: String
        package var until: String
        package var by: String
        package var timeZone: String
        package var buckets: [HistoryBucket]

        package init(since: String, until: String, by: String, timeZone: String, buckets: [HistoryBucket]) {
            self.since = since
            self.until = until
            self.by = by
            self.timeZone = timeZone
            self.buckets = buckets
        }
    }
}
