/// What happened in a period; the fields are those of `Report` in the interface description.
package struct Report: Codable, Sendable, Hashable {
    package var since: String
    package var until: String
    package var generatedAt: String
    package var instance: String
    package var version: String
    package var server: String
    package var watchedSeconds: Double
    package var databaseReachableSeconds: Double
    package var exposureMaximum: Exposure?
    package var exposureMaximumAt: String?
    package var hasOffsiteCopy: Bool
    package var health: [HealthSpan]
    package var events: [Event]
    package var eventsLeftOut: Int64
    package var jobs: [Job]
    package var backups: [Backup]
    package var drills: [DrillReport]
    package var alerts: [Alert]
    package var reasons: [Reason]

    package init(
        since: String,
        until: String,
        generatedAt: String,
        instance: String,
        version: String,
        server: String,
        watchedSeconds: Double,
        databaseReachableSeconds: Double,
        exposureMaximum: Exposure? = nil,
        exposureMaximumAt: String? = nil,
        hasOffsiteCopy: Bool,
        health: [HealthSpan],
        events: [Event],
        eventsLeftOut: Int64,
        jobs: [Job],
        backups: [Backup],
        drills: [DrillReport],
        alerts: [Alert],
        reasons: [Reason]
    ) {
        self.since = since
        self.until = until
        self.generatedAt = generatedAt
        self.instance = instance
        self.version = version
        self.server = server
        self.watchedSeconds = watchedSeconds
        self.databaseReachableSeconds = databaseReachableSeconds
        self.exposureMaximum = exposureMaximum
        self.exposureMaximumAt = exposureMaximumAt
        self.hasOffsiteCopy = hasOffsiteCopy
        self.health = health
        self.events = events
        self.eventsLeftOut = eventsLeftOut
        self.jobs = jobs
        self.backups = backups
        self.drills = drills
        self.alerts = alerts
        self.reasons = reasons
    }
}
