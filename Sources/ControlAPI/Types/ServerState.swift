/// The PostgreSQL server as the daemon sees it; the fields are those of `ServerState` in the interface description.
package struct ServerState: Codable, Sendable, Hashable {
    package var address: String
    package var database: String
    package var reachable: Bool
    package var since: String?
    package var version: String?
    package var systemIdentifier: String?
    package var error: Failure?

    package init(
        address: String,
        database: String,
        reachable: Bool,
        since: String? = nil,
        version: String? = nil,
        systemIdentifier: String? = nil,
        error: Failure? = nil
    ) {
        self.address = address
        self.database = database
        self.reachable = reachable
        self.since = since
        self.version = version
        self.systemIdentifier = systemIdentifier
        self.error = error
    }
}
