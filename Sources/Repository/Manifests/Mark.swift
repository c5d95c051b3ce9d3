/// Something said of a backup after it was made.
package struct Mark: Codable, Sendable, Equatable {
    /// What a mark says.
    package enum Action: String, Codable, Sendable {
        /// Retention must keep the backup.
        case pin
        /// Retention decides again.
        case unpin
        /// A drill proved the backup.
        case drill
        /// The backup does not exist any more.
        case delete
    }

    /// What it says.
    package var action: Action
    /// When it was made.
    package var at: UTCTime
    /// The backup.
    package var backup: BackupID
    /// The digest of the backup's manifest.
    package var manifest: Digest
    /// Who asked for it: `retention`, `uid 1000`.
    package var by: String
    /// Figures and reasons.
    package var details: [String: JSONValue]

    package init(
        action: Action,
        at time: UTCTime,
        backup: BackupID,
        manifest: Digest,
        by author: String,
        details: [String: JSONValue] = [:]
    ) {
        self.action = action
        at = time
        self.backup = backup
        self.manifest = manifest
        by = author
        self.details = details
    }
}
