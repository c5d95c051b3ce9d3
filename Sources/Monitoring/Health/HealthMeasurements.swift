package import FoundationEssentials
package import State

/// What is known of the protection at a moment; what is not known is `nil` and gives no reason, save where its absence
/// is one (no backup, no verify run, no drill, no off-site copy).
package struct HealthMeasurements: Sendable, Hashable {
    /// When the daemon ran here for the first time.
    package var firstStart: Date?
    /// Why the repository can't be used; `nil` when it can.
    package var repositoryTrouble: Trouble?
    /// Backups in the repository, whatever their condition; `nil` when they can't be listed.
    package var backupCount: Int?
    /// The newest backup that can be restored whole.
    package var newestRestorable: Backup?
    /// The newest backup, if the server found wrong checksums while it was read.
    package var newestWithFindings: Findings?
    /// The dumps that should be there.
    package var dumps: [Dump]
    /// The newest dump of a database, if something is missing in it.
    package var incompleteDump: IncompleteDump?
    /// What dumps leave out; `nil` when that is nothing, or not known.
    package var leftOut: LeftOut?
    /// The last attempt to take a backup, if it failed.
    package var lastBackupFailure: FailedRun?
    /// Free space for us on the repository's file system.
    package var freeBytes: Int64?
    /// Seconds until nothing is free there, if it goes on filling as it did; `nil` when there is no telling.
    package var fullInSeconds: Double?
    /// The last verify run that came to its end.
    package var lastVerify: Verify?
    /// The last drill.
    package var lastDrill: Drill?
    /// When the last drill that passed ended.
    package var lastPassedDrill: Date?
    /// How long the restore took in it, from the beginning to a server that takes connections, in seconds.
    package var lastPassedDrillSeconds: Double?
    /// Why the database can't be reached; `nil` when it can.
    package var databaseTrouble: Trouble?
    /// What is known of a copy on another machine.
    package var offsite: Offsite
    /// The last time the wall clock was set by a lot, while that still matters.
    package var clockJump: ClockJump?
    /// Why retention can't be applied; `nil` when it can.
    package var retentionTrouble: Trouble?
    /// Whether the daemon's memory outlives its process.
    package var isStatePersistent: Bool
    /// Recipients that no message reaches, in the order in which they are to be told.
    package var deliveryTroubles: [DeliveryTrouble]
    /// Whether there is a recipient that messages reach.
    package var isAnybodyReached: Bool

    package init(
        firstStart: Date? = nil,
        repositoryTrouble: Trouble? = nil,
        backupCount: Int? = nil,
        newestRestorable: Backup? = nil,
        newestWithFindings: Findings? = nil,
        dumps: [Dump] = [],
        incompleteDump: IncompleteDump? = nil,
        leftOut: LeftOut? = nil,
        lastBackupFailure: FailedRun? = nil,
        freeBytes: Int64? = nil,
        fullInSeconds: Double? = nil,
        lastVerify: Verify? = nil,
        lastDrill: Drill? = nil,
        lastPassedDrill: Date? = nil,
        lastPassedDrillSeconds: Double? = nil,
        databaseTrouble: Trouble? = nil,
        offsite: Offsite = .missing,
        clockJump: ClockJump? = nil,
        retentionTrouble: Trouble? = nil,
        isStatePersistent: Bool = true,
        deliveryTroubles: [DeliveryTrouble] = [],
        isAnybodyReached: Bool = true
    ) {
        self.firstStart = firstStart
        self.repositoryTrouble = repositoryTrouble
        self.backupCount = backupCount
        self.newestRestorable = newestRestorable
        self.newestWithFindings = newestWithFindings
        self.dumps = dumps
        self.incompleteDump = incompleteDump
        self.leftOut = leftOut
        self.lastBackupFailure = lastBackupFailure
        self.freeBytes = freeBytes
        self.fullInSeconds = fullInSeconds
        self.lastVerify = lastVerify
        self.lastDrill = lastDrill
        self.lastPassedDrill = lastPassedDrill
        self.lastPassedDrillSeconds = lastPassedDrillSeconds
        self.databaseTrouble = databaseTrouble
        self.offsite = offsite
        self.clockJump = clockJump
        self.retentionTrouble = retentionTrouble
        self.isStatePersistent = isStatePersistent
        self.deliveryTroubles = deliveryTroubles
        self.isAnybodyReached = isAnybodyReached
    }
}

extension HealthMeasurements {
    /// Something does not work.
    package struct Trouble: Sendable, Hashable, Codable {
        /// What the error says.
        package var message: String
        /// What the error advises, if it does.
        package var hint: String?
        /// Since when.
        package var since: Date?

        package init(message: String, hint: String? = nil, since: Date? = nil) {
            self.message = message
            self.hint = hint
            self.since = since
        }
    }

    /// A backup that can be restored.
    package struct Backup: Sendable, Hashable, Codable {
        /// Its id.
        package var id: String
        /// The time whose data it brings back.
        package var restorablePoint: Date

        package init(id: String, restorablePoint: Date) {
            self.id = id
            self.restorablePoint = restorablePoint
        }
    }

    /// Wrong checksums in the server's files.
    package struct Findings: Sendable, Hashable {
        /// The backup's id.
        package var backupID: String
        /// When it was taken.
        package var foundAt: Date
        /// How many findings the server reported.
        package var count: Int

        package init(backupID: String, foundAt: Date, count: Int) {
            self.backupID = backupID
            self.foundAt = foundAt
            self.count = count
        }
    }

    /// The dumps of a database.
    package struct Dump: Sendable, Hashable {
        /// The database; `nil` when it is not known yet which ones are to be dumped.
        package var database: String?
        /// The moment that the newest dump is of; `nil` without one.
        package var newest: Date?
        /// Since when dumps are to be taken.
        package var expectedSince: Date
        /// The age that says that the schedule was clearly missed, in seconds.
        package var limitSeconds: Double
        /// Whether nothing else protects the database.
        package var isOnly: Bool

        package init(
            database: String?,
            newest: Date?,
            expectedSince: Date,
            limitSeconds: Double,
            isOnly: Bool
        ) {
            self.database = database
            self.newest = newest
            self.expectedSince = expectedSince
            self.limitSeconds = limitSeconds
            self.isOnly = isOnly
        }
    }

    /// A dump that is not whole.
    package struct IncompleteDump: Sendable, Hashable {
        /// The backup's id.
        package var backupID: String
        /// The database.
        package var database: String
        /// When it was taken.
        package var takenAt: Date

        package init(backupID: String, database: String, takenAt: Date) {
            self.backupID = backupID
            self.database = database
            self.takenAt = takenAt
        }
    }

    /// Databases that no dump can be taken of.
    package struct LeftOut: Sendable, Hashable {
        /// At least one.
        package var databases: LeftOutDatabases
        /// Whether nothing else protects them.
        package var isOnly: Bool

        package init(databases: LeftOutDatabases, isOnly: Bool) {
            self.databases = databases
            self.isOnly = isOnly
        }
    }

    /// A backup that did not come about.
    package struct FailedRun: Sendable, Hashable, Codable {
        /// The job.
        package var jobID: JobID
        /// When it ended.
        package var failedAt: Date
        /// What the error says.
        package var message: String
        /// What the error advises, if it does.
        package var hint: String?

        package init(jobID: JobID, failedAt: Date, message: String, hint: String? = nil) {
            self.jobID = jobID
            self.failedAt = failedAt
            self.message = message
            self.hint = hint
        }
    }

    /// A verify run.
    package struct Verify: Sendable, Hashable {
        /// When it ended.
        package var finishedAt: Date
        /// How many damaged or missing objects are known.
        package var damagedObjects: Int
        /// How many backups need one of them.
        package var affectedBackups: Int
        /// What kinds of objects they are.
        package var kinds: Set<DamageKind>

        package init(finishedAt: Date, damagedObjects: Int, affectedBackups: Int, kinds: Set<DamageKind> = []) {
            self.kinds = kinds
            self.finishedAt = finishedAt
            self.damagedObjects = damagedObjects
            self.affectedBackups = affectedBackups
        }
    }

    /// A drill.
    package struct Drill: Sendable, Hashable {
        /// The backup that was restored.
        package var backupID: String
        /// When it ended.
        package var finishedAt: Date
        /// What it says.
        package var verdict: DrillVerdict
        /// Why, if it did not pass.
        package var reason: String?
        /// Whether an operator said that they know.
        package var isAcknowledged: Bool

        package init(
            backupID: String,
            finishedAt: Date,
            verdict: DrillVerdict,
            reason: String? = nil,
            isAcknowledged: Bool = false
        ) {
            self.backupID = backupID
            self.finishedAt = finishedAt
            self.verdict = verdict
            self.reason = reason
            self.isAcknowledged = isAcknowledged
        }
    }

    /// A copy on another machine.
    package enum Offsite: Sendable, Hashable {
        /// There is none.
        case missing
        /// There is none, and the operator wants it so.
        case waived
    }

    /// The wall clock was set.
    package struct ClockJump: Sendable, Hashable {
        /// When it was noticed, by the new time.
        package var noticedAt: Date
        /// By how much: positive for forward, negative for back.
        package var seconds: Double

        package init(noticedAt: Date, seconds: Double) {
            self.noticedAt = noticedAt
            self.seconds = seconds
        }
    }

    /// Messages to a recipient fail again and again, or pings to the service that waits for them.
    package struct DeliveryTrouble: Sendable, Hashable, Codable {
        /// The kind of way of pings.
        package static let ping = "ping"

        /// The kind of way: `email`, `telegram`, `webhook`, ``ping``.
        package var channel: String
        /// To whom, as an operator may see it.
        package var recipient: String
        /// Since when none got there.
        package var since: Date
        /// What the last attempt said.
        package var message: String
        /// What the error advises, if it does.
        package var hint: String?

        package init(channel: String, recipient: String, since: Date, message: String, hint: String? = nil) {
            self.channel = channel
            self.recipient = recipient
            self.since = since
            self.message = message
            self.hint = hint
        }
    }
}
