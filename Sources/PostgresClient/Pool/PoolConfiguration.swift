/// The bounds of a connection pool.
package struct PoolConfiguration: Hashable, Sendable {
    /// How many connections are kept open even when nobody needs them.
    package var minimumConnections = 0
    /// How many connections may be open.
    package var maximumConnections = 4
    /// How many may wait for a connection; more are refused at once.
    package var maximumWaiters = 256
    /// How long one waits for a connection.
    package var waitTimeout = Duration.seconds(30)
    /// After how long without use a connection above the minimum is closed.
    package var idleTimeout = Duration.seconds(300)
    /// After how long a connection is closed and replaced, once it is free.
    package var lifetime = Duration.seconds(3600)
    /// After how long without use a connection is tried with an empty query before it is lent.
    package var checkAfterIdle = Duration.seconds(30)
    /// How long that trial may take.
    package var checkTimeout = Duration.seconds(5)
    /// The pause after the first failed attempt to connect; it doubles with each further one.
    package var initialBackoff = Duration.milliseconds(250)
    /// The longest pause.
    package var maximumBackoff = Duration.seconds(15)

    /// The usual bounds.
    package init() {}
}
