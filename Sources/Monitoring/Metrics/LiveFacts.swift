package import FoundationEssentials

/// What is read at each scrape, since it costs nothing: the daemon's own process and its pool.
package struct LiveFacts: Sendable {
    /// The connections to the server.
    package struct Pool: Sendable {
        package var idle = 0
        package var leased = 0
        package var connecting = 0
        package var waiting = 0
        package var maximum = 0
        package var opened = 0
        package var failures = 0
        package var leases = 0
        package var waits = 0
        package var waitSeconds = 0.0
        package var waitTimeouts = 0

        package init() {}
    }

    /// Alerts and their messages.
    package struct Alerts: Sendable {
        /// How many alerts are in each state and at each level; all states and levels, whatever there is.
        package var open: [(state: String, level: String, count: Int)] = []
        /// Attempts to deliver since the start, for each channel and outcome there can be.
        package var deliveries: [(channel: String, outcome: String, count: Int)] = []
        /// Messages that wait.
        package var waiting = 0

        package init() {}
    }

    /// The version of recyclicd.
    package var version: String
    /// When the process was started.
    package var startedAt: Date
    package var process: ProcessUsage?
    package var pool: Pool
    package var alerts: Alerts?

    package init(
        version: String,
        startedAt: Date,
        process: ProcessUsage?,
        pool: Pool,
        alerts: Alerts? = nil
    ) {
        self.version = version
        self.startedAt = startedAt
        self.process = process
        self.pool = pool
        self.alerts = alerts
    }
}
