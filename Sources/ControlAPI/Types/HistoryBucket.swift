/// What the history says of an hour or a day; the fields are those of `HistoryBucket` in the interface description.
package struct HistoryBucket: Codable, Sendable, Hashable {
    package var from: String
    package var to: String
    package var observedSeconds: Double
    package var worstHealth: String
    package var okSeconds: Double
    package var warningSeconds: Double
    package var criticalSeconds: Double
    package var everythingExposed: Bool
    package var exposureMaximumSeconds: Double?
    package var backupAgeMaximumSeconds: Double?
    package var backups: Int64?
    package var repositoryBytes: Int64?
    package var freeMinimumBytes: Int64?
    package var databaseReachableSeconds: Double
    package var databaseBytes: Int64?
    package var residentMaximumBytes: Int64?
    package var cpuSeconds: Double?

    package init(
        from: String,
        to: String,
        observedSeconds: Double,
        worstHealth: String,
        okSeconds: Double,
        warningSeconds: Double,
        criticalSeconds: Double,
        everythingExposed: Bool,
        exposureMaximumSeconds: Double? = nil,
        backupAgeMaximumSeconds: Double? = nil,
        backups: Int64? = nil,
        repositoryBytes: Int64? = nil,
        freeMinimumBytes: Int64? = nil,
        databaseReachableSeconds: Double,
        databaseBytes: Int64? = nil,
        residentMaximumBytes: Int64? = nil,
        cpuSeconds: Double? = nil
    ) {
        self.from = from
        self.to = to
        self.observedSeconds = observedSeconds
        self.worstHealth = worstHealth
        self.okSeconds = okSeconds
        self.warningSeconds = warningSeconds
        self.criticalSeconds = criticalSeconds
        self.everythingExposed = everythingExposed
        self.exposureMaximumSeconds = exposureMaximumSeconds
        self.backupAgeMaximumSeconds = backupAgeMaximumSeconds
        self.backups = backups
        self.repositoryBytes = repositoryBytes
        self.freeMinimumBytes = freeMinimumBytes
        self.databaseReachableSeconds = databaseReachableSeconds
        self.databaseBytes = databaseBytes
        self.residentMaximumBytes = residentMaximumBytes
        self.cpuSeconds = cpuSeconds
    }
}
