/// What a listing tells of a backup.
package struct BackupSummary: Codable, Sendable, Equatable {
    /// The manifest's object name.
    package var object: String
    /// The backup's id.
    package var id: BackupID
    /// PostgreSQL's system identifier, in decimal.
    package var cluster: String
    /// When it began.
    package var startedAt: UTCTime
    /// When PostgreSQL ended it, where the manifest tells.
    package var stoppedAt: UTCTime?
    /// When it was complete.
    package var finishedAt: UTCTime
    /// How much was backed up and stored.
    package var sizes: BackupManifest.Sizes
    /// How many entries its file table has.
    package var files: Int
    /// The name of the codec it was written with.
    package var codec: String
    /// The server's version, as a number: 150020.
    package var versionNumber: Int
    /// The timeline it lies on.
    package var timeline: UInt32
    /// Where replay starts.
    package var startLSN: String
    /// Where it becomes consistent.
    package var endLSN: String
    /// How many findings it carries.
    package var findings: Int
    /// The file name of the manifest before it.
    package var previous: String?

    /// The time whose data a restore brings back; of an old manifest, which does not tell, the backup's end.
    package var restorablePoint: UTCTime { stoppedAt ?? finishedAt }

    /// The manifest's digest.
    package var digest: Digest? { ObjectName.digest(of: object) }

    /// - Parameters:
    ///   - manifest: The manifest.
    ///   - object: Its object name.
    package init(_ manifest: BackupManifest, object: String) {
        self.object = object
        id = manifest.id
        cluster = manifest.cluster
        startedAt = manifest.startedAt
        stoppedAt = manifest.stoppedAt
        finishedAt = manifest.finishedAt
        sizes = manifest.sizes
        files = manifest.table.files
        codec = manifest.codec
        versionNumber = manifest.server.versionNumber
        timeline = manifest.wal.timeline
        startLSN = manifest.wal.startLSN
        endLSN = manifest.wal.endLSN
        findings = manifest.findings.count
        previous = manifest.previous
    }
}

extension BackupSummary {
    /// What the name of a manifest that can't be read tells; all else is empty or 0.
    init(_ manifest: UnreadableManifest) {
        object = manifest.object
        id = manifest.id
        cluster = manifest.cluster
        startedAt = manifest.id.startedAt
        finishedAt = manifest.id.startedAt
        sizes = BackupManifest.Sizes(logicalBytes: 0, addedBytes: 0, newChunks: 0, deltaChunks: 0, chunks: 0)
        files = 0
        codec = ""
        versionNumber = 0
        timeline = 0
        startLSN = ""
        endLSN = ""
        findings = 0
    }
}

/// A backup of a listing: what its manifest says and what was said of it since.
package struct ListedBackup: Sendable, Equatable {
    /// What its manifest says.
    package var summary: BackupSummary
    /// What its marks come to.
    package var marks: MarkState

    /// The backup's id.
    package var id: BackupID { summary.id }

    package init(summary: BackupSummary, marks: MarkState) {
        self.summary = summary
        self.marks = marks
    }
}
