/// The connection pool's counters; the fields are those of `PoolState` in the interface description.
package struct PoolState: Codable, Sendable, Hashable {
    package var total: Int64
    package var idle: Int64
    package var leased: Int64
    package var waiting: Int64
    package var created: Int64
    package var closed: Int64
    package var failures: Int64
    package var timeouts: Int64

    package init(
        total: Int64,
        idle: Int64,
        leased: Int64,
        waiting: Int64,
        created: Int64,
        closed: Int64,
        failures: Int64,
        timeouts: Int64
    ) {
        self.total = total
        self.idle = idle
        self.leased = leased
        self.waiting = waiting
        self.created = created
        self.closed = closed
        self.failures = failures
        self.timeouts = timeouts
    }
}
