package import FoundationEssentials

/// What the last verify run that covered a backup found out about it.
package struct BackupVerification: Sendable, Hashable {
    /// The backup's id.
    package var backupID: String
    /// When the run ended.
    package var verifiedAt: Date
    /// The damaged objects it needs, by name; empty for an intact backup.
    package var damagedObjects: [String]

    /// Whether everything the backup needs was found right.
    package var isIntact: Bool { damagedObjects.isEmpty }

    package init(backupID: String, verifiedAt: Date, damagedObjects: [String] = []) {
        self.backupID = backupID
        self.verifiedAt = verifiedAt
        self.damagedObjects = damagedObjects
    }
}
