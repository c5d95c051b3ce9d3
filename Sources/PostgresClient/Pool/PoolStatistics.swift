/// What a pool is doing and has done.
package struct PoolStatistics: Hashable, Sendable {
    /// Connections that are open or being opened.
    package var total = 0
    /// Connections that nobody uses.
    package var idle = 0
    /// Connections that are lent.
    package var leased = 0
    /// Connections that are being opened.
    package var connecting = 0
    /// Those who wait for a connection.
    package var waiting = 0
    /// Connections opened so far.
    package var created = 0
    /// Connections closed so far, the broken ones included.
    package var closed = 0
    /// Attempts to connect that failed so far.
    package var failures = 0
    /// Failed attempts since the last success: not 0 means that the server is out of reach now.
    package var failuresInARow = 0
    /// Connections lent so far.
    package var leases = 0
    /// How many of those had to wait.
    package var waits = 0
    /// How long they waited in all.
    package var waitTime = Duration.zero
    /// How many gave up waiting.
    package var waitTimeouts = 0
}
