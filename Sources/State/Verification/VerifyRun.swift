package import FoundationEssentials

/// The summary of a verify run that came to its end.
package struct VerifyRun: Sendable, Hashable {
    /// When it began.
    package var startedAt: Date
    /// When it ended.
    package var finishedAt: Date
    /// What it covered: `all` or a backup's id.
    package var scope: String
    /// Whether it read objects again that were verified before.
    package var isFull: Bool
    /// Objects it looked at.
    package var objectsChecked: Int64
    /// Bytes it read.
    package var bytesRead: Int64
    /// Objects it found damaged or missing, by name.
    package var damagedObjects: [String]
    /// Ids of the backups that need one of them.
    package var affectedBackups: [String]

    package init(
        startedAt: Date,
        finishedAt: Date,
        scope: String,
        isFull: Bool,
        objectsChecked: Int64,
        bytesRead: Int64,
        damagedObjects: [String] = [],
        affectedBackups: [String] = []
    ) {
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.scope = scope
        self.isFull = isFull
        self.objectsChecked = objectsChecked
        self.bytesRead = bytesRead
        self.damagedObjects = damagedObjects
        self.affectedBackups = affectedBackups
    }
}
