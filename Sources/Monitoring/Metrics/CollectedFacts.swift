package import FoundationEssentials
package import State

/// What a collection found: everything that metrics and health are made of, read from the repository, the state and the
/// server themselves. What is not known is `nil` and has no metric.
package struct CollectedFacts: Sendable {
    /// A backup's figures.
    package struct Backup: Sendable, Hashable {
        /// `base` or `dump`.
        package var kind: String
        package var finishedAt: Date
        package var durationSeconds: Double
        package var logicalBytes: Int64
        /// What it would take alone; `nil` when its manifest does not tell.
        package var storedBytes: Int64?
        package var addedBytes: Int64

        package init(
            kind: String,
            finishedAt: Date,
            durationSeconds: Double,
            logicalBytes: Int64,
            storedBytes: Int64? = nil,
            addedBytes: Int64
        ) {
            self.kind = kind
            self.finishedAt = finishedAt
            self.durationSeconds = durationSeconds
            self.logicalBytes = logicalBytes
            self.storedBytes = storedBytes
            self.addedBytes = addedBytes
        }
    }

    /// When it was begun.
    package var collectedAt: Date
    /// How long it took, in seconds.
    package var collectionSeconds: Double
    /// What health is judged by.
    package var measurements: HealthMeasurements
    package var thresholds: HealthThresholds
    /// All backups in the repository, oldest first; `nil` when they can't be listed.
    package var backups: [Backup]?
    package var pinnedBackups = 0
    package var provedBackups = 0
    /// How many backups retention would keep and remove now.
    package var retention: (keep: Int, remove: Int)?
    package var repositoryBytes: Int64?
    package var capacityBytes: Int64?
    package var lastVerify: VerifyRun?
    package var lastDrill: DrillRecord?
    package var serverVersion: String?
    package var databaseBytes: Int64?
    /// When each schedule is due next, by what it is called.
    package var nextRuns: [(name: String, at: Date)] = []
    package var jobs: [JobKind: [JobState: Int]] = [:]

    package init(
        collectedAt: Date,
        collectionSeconds: Double,
        measurements: HealthMeasurements,
        thresholds: HealthThresholds
    ) {
        self.collectedAt = collectedAt
        self.collectionSeconds = collectionSeconds
        self.measurements = measurements
        self.thresholds = thresholds
    }

    /// The judgement at a time, which may be later than the collection: ages go on.
    package func health(now: Date) -> HealthReport {
        Health.evaluate(measurements, thresholds: thresholds, now: now)
    }

    /// The judgement at a time of what was measured so many seconds ago, by a clock that nobody sets.
    package func health(now: Date, ageSeconds: Double) -> HealthReport {
        Health.unmeasured(forSeconds: ageSeconds, last: health(now: now))
    }

    /// What would be lost at a time.
    package func exposure(now: Date) -> Exposure {
        .sinceLastBackup(localPoint: measurements.newestRestorable?.restorablePoint, offsitePoint: nil, now: now)
    }

    /// Age of what the newest restorable backup brings back, in seconds; counted from the first start when there is none.
    package func backupAge(now: Date) -> Double? {
        guard let since = measurements.newestRestorable?.restorablePoint ?? measurements.firstStart else { return nil }
        return max(0, now.timeIntervalSince(since))
    }
}
