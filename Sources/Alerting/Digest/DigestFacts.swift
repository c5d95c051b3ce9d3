package import FoundationEssentials
package import Monitoring

/// The figures of a digest. What is not known is `nil` and is left out.
package struct DigestFacts: Sendable {
    /// The last drill.
    package struct Drill: Sendable {
        package var backupID: String
        package var finishedAt: Date
        /// Whether it passed, failed (false), or could not judge (`nil`).
        package var passed: Bool?
        /// How long the restore took, in seconds.
        package var recoverySeconds: Double?
        /// Its parts: what they are called, and their seconds.
        package var phases: [(name: String, seconds: Double)]

        package init(
            backupID: String,
            finishedAt: Date,
            passed: Bool?,
            recoverySeconds: Double?,
            phases: [(name: String, seconds: Double)]
        ) {
            self.backupID = backupID
            self.finishedAt = finishedAt
            self.passed = passed
            self.recoverySeconds = recoverySeconds
            self.phases = phases
        }
    }

    /// The judgement now.
    package var health: HealthReport
    /// The days that the digest is about.
    package var from: Date
    package var to: Date
    /// Backups in the repository, and those taken in the time.
    package var backups: Int?
    package var backupsTaken: Int?
    /// The newest restorable one, and the time whose data it brings back.
    package var newestRestorable: (id: String, point: Date)?
    /// What the newest holds, and what all taken in the time added, in bytes.
    package var logicalBytes: Int64?
    package var addedBytes: Int64?
    package var databaseBytes: Int64?
    package var repositoryBytes: Int64?
    package var freeBytes: Int64?
    package var fullInSeconds: Double?
    /// What would be lost now.
    package var exposure: Exposure?
    package var drill: Drill?
    /// How long a restore may take, in seconds.
    package var objectiveSeconds: Double?
    /// The last verify run: its end, and how many damaged objects are known.
    package var verify: (finishedAt: Date, damagedObjects: Int)?
    /// What was told in the time, oldest first.
    package var alerts: [Alert] = []
    /// The newest manifest's name in the repository, which ends in the SHA-256 of its bytes.
    package var newestManifest: String?

    package init(health: HealthReport, from: Date, to: Date) {
        self.health = health
        self.from = from
        self.to = to
    }

    /// The SHA-256 of the newest manifest, 64 hexadecimal digits.
    var newestDigest: String? {
        guard let digits = newestManifest?.suffix(64), digits.count == 64,
            digits.allSatisfy({ $0.isHexDigit && $0.isASCII })
        else { return nil }
        return String(digits)
    }
}
