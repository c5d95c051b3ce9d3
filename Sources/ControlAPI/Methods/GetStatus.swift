/// The method `GetStatus` of the interface; see its description for what the fields mean.
package enum GetStatus: ControlMethod {
    package static let name = "GetStatus"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var health: String
        package var reasons: [Reason]
        package var instance: String
        package var version: String
        package var generatedAt: String
        package var startedAt: String
        package var databaseDamaged: Exposure
        package var machineLost: Exposure
        package var server: ServerState
        package var repository: RepositoryState
        package var method: String?
        package var protection: String?
        package var pool: PoolState
        package var lastBackup: Backup?
        package var lastDump: Backup?
        package var lastVerify: VerifyReport?
        package var lastDrill: DrillReport?
        package var nextRuns: [NextRun]
        package var jobs: [Job]
        package var alerts: [Alert]
        package var silences: [Silence]
        package var recipients: [AlertRecipient]

        package init(
            health: String,
            reasons: [Reason],
            instance: String,
            version: String,
            generatedAt: String,
            startedAt: String,
            databaseDamaged: Exposure,
            machineLost: Exposure,
            server: ServerState,
            repository: RepositoryState,
            method: String? = nil,
            protection: String? = nil,
            pool: PoolState,
            lastBackup: Backup? = nil,
            lastDump: Backup? = nil,
            lastVerify: VerifyReport? = nil,
            lastDrill: DrillReport? = nil,
            nextRuns: [NextRun],
            jobs: [Job],
            alerts: [Alert] = [],
            silences: [Silence] = [],
            recipients: [AlertRecipient] = []
        ) {
            self.health = health
            self.reasons = reasons
            self.instance = instance
            self.version = version
            self.generatedAt = generatedAt
            self.startedAt = startedAt
            self.databaseDamaged = databaseDamaged
            self.machineLost = machineLost
            self.server = server
            self.repository = repository
            self.method = method
            self.protection = protection
            self.pool = pool
            self.lastBackup = lastBackup
            self.lastDump = lastDump
            self.lastVerify = lastVerify
            self.lastDrill = lastDrill
            self.nextRuns = nextRuns
            self.jobs = jobs
            self.alerts = alerts
            self.silences = silences
            self.recipients = recipients
        }
    }
}
