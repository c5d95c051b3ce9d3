import Varlink

/// The limits of a server on what its clients can take up.
package struct ServerSettings: Sendable, Hashable {
    /// Connections at one time in all.
    package var maximumConnections = 128
    /// Connections at one time of one user.
    package var maximumConnectionsPerUser = 32
    /// The longest call, in bytes.
    package var maximumMessageBytes = VarlinkLimits.maximumMessageBytes
    /// How long a connection may stay open without a call under way.
    package var idleTimeout: Duration = .seconds(300)
    /// How long one reply may wait for a client that does not read.
    package var writeTimeout: Duration = .seconds(60)

    /// The defaults above.
    package init() {}
}
