import DequeModule

/// Bounds how often each client may ask: in no second more often than the limit, whenever that second begins.
///
/// Pure: time is given, as the time since some start by a clock that nobody sets. At most `capacity` clients are remembered, however
/// many there are, with at most `limit` times each; whoever asked least within the last second is forgotten first, which gives it at
/// most the limit once more.
package struct RateLimiter<Client: Hashable & Sendable>: Sendable {
    /// The stretch of time that the limit holds in.
    private static var window: Duration { .seconds(1) }

    private let limit: Int
    private let capacity: Int
    /// When each client was let through within the last second, the oldest first.
    private var admissions: [Client: Deque<Duration>] = [:]

    /// - Parameters:
    ///   - limit: Requests a second, at least 1.
    ///   - capacity: Clients remembered, at least 1.
    package init(limit: Int, capacity: Int) {
        precondition(limit >= 1 && capacity >= 1, "a limiter that lets nobody through")
        self.limit = limit
        self.capacity = capacity
    }

    /// How many clients are remembered.
    package var count: Int { admissions.count }

    /// Whether this client may ask now; if so, that counts.
    package mutating func admits(_ client: Client, at now: Duration) -> Bool {
        if admissions[client] == nil { makeRoom(at: now) }
        // The two lines that change the times do it in place: a copy would be made for each request otherwise.
        while let first = admissions[client]?.first, now - first >= Self.window { admissions[client]?.removeFirst() }
        guard admissions[client, default: []].count < limit else { return false }
        admissions[client, default: []].append(now)
        return true
    }

    private mutating func makeRoom(at now: Duration) {
        guard admissions.count >= capacity else { return }
        // Who has not asked for a second is as good as new.
        admissions = admissions.filter { now - ($0.value.last ?? now - Self.window) < Self.window }
        while admissions.count >= capacity, let rarest = admissions.min(by: { $0.value.count < $1.value.count }) {
            admissions[rarest.key] = nil
        }
    }
}
