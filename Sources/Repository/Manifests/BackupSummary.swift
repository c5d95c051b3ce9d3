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
    /// The timeline that a base backup lies on.
    package var timeline: UInt32?
    /// Where replay of a base backup starts.
    package var startLSN: String?
    /// Where a base backup becomes consistent.
    package var endLSN: String?
    /// The database that a dump is of.
    package var database: String?
    /// How many findings it carries.
    package var findings: Int
    /// How many of them mean that it lacks something, or holds damage.
    package var defects: Int
    /// The file name of the manifest before it.
    package var previous: String?

    /// The time whose data a restore brings back. Of an old manifest, which does not tell, the backup's end; of a dump, whose
    /// snapshot is the first thing that is made, its start.
    package var restorablePoint: UTCTime {
        stoppedAt ?? (id.kind == .dump ? startedAt : finishedAt)
    }

    /// Names what it is a copy of, within its cluster: backups of one series can take each other's places.
    package var series: String {
        id.kind.rawValue + (database.map { " \($0)" } ?? "")
    }

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
        timeline = manifest.wal?.timeline
        startLSN = manifest.wal?.startLSN
        endLSN = manifest.wal?.endLSN
        database = manifest.dump?.database
        findings = manifest.findings.count
        defects = manifest.defects.count
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
        findings = 0
        defects = 0
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
