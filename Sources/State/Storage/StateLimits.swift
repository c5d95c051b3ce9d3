/// How much the daemon remembers. Without bounds the state file would grow for as long as the machine lives.
package enum StateLimits {
    /// Events kept; the oldest go first.
    package static let events = 10_000
    /// Finished jobs kept; the oldest go first. Queued and running jobs always stay.
    package static let finishedJobs = 5_000
    /// Verify runs kept; the oldest go first.
    package static let verifyRuns = 500
    /// Drills kept; the oldest go first, but never the newest passed one.
    package static let drills = 1_000
    /// Samples of the history kept beside the hourly ones: about two days of one a minute.
    package static let minuteSamples = 3_000
    /// First samples of an hour kept: more than a year.
    package static let hourSamples = 9_600
    /// Alerts kept that are over; the oldest go first.
    package static let alerts = 1_000
    /// Deliveries kept that are done; the oldest go first.
    package static let deliveries = 1_000
    /// Warnings kept per job; later ones are counted only in the job's own result.
    package static let warningsPerJob = 100
}
