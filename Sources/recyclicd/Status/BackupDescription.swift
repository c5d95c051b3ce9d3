import ControlAPI
import Repository

/// Backups as the control interface shows them.
enum BackupDescription {
    /// A backup in a list.
    static func describe(_ listed: ListedBackup) -> Backup {
        let summary = listed.summary
        var pinReason: String?
        if case .string(let reason) = listed.marks.pin?.details["reason"] { pinReason = reason }
        return Backup(
            id: listed.id.description,
            kind: summary.id.kind.rawValue,
            cluster: summary.cluster,
            database: summary.database,
            startedAt: summary.startedAt.rfc3339,
            finishedAt: summary.finishedAt.rfc3339,
            durationSeconds: Double(summary.finishedAt.secondsSinceEpoch - summary.startedAt.secondsSinceEpoch),
            logicalBytes: summary.sizes.logicalBytes,
            // An old manifest does not tell; what it added is a part of it.
            storedBytes: summary.sizes.storedBytes ?? summary.sizes.addedBytes,
            addedBytes: summary.sizes.addedBytes,
            files: Int64(summary.files),
            pinned: listed.marks.isPinned,
            pinReason: pinReason,
            provedAt: listed.marks.proof?.at.rfc3339,
            serverVersion: versionText(summary.versionNumber),
            fileName: ObjectName.file(of: summary.object),
            findings: []
        )
    }

    /// A backup in full.
    static func describe(_ listed: ListedBackup, manifest: BackupManifest) -> BackupDetails {
        var backup = describe(listed)
        backup.serverVersion = manifest.server.version
        backup.findings = findings(manifest)
        return BackupDetails(
            backup: backup,
            previous: manifest.previous,
            codec: manifest.codec,
            chunks: manifest.sizes.chunks,
            newChunks: manifest.sizes.newChunks,
            deltaChunks: manifest.sizes.deltaChunks,
            wal: manifest.wal.map { wal in
                WALRange(
                    timeline: Int64(wal.timeline),
                    startLSN: wal.startLSN,
                    endLSN: wal.endLSN,
                    segments: Int64(wal.objects.count)
                )
            },
            dataChecksums: manifest.server.dataChecksums,
            databases: manifest.server.databases.map { database in
                DatabaseFacts(
                    name: database.name,
                    sizeBytes: database.sizeBytes,
                    encoding: database.encoding,
                    collate: database.collate,
                    extensions: (database.extensions ?? []).map(\.name)
                )
            },
            tablespaces: manifest.server.tablespaces.map {
                TablespaceFacts(oid: Int64($0.oid), location: $0.location)
            },
            superusers: manifest.server.superusers,
            notAvailable: manifest.server.notAvailable.map { NotAvailable(feature: $0.feature, grant: $0.grant) },
            configurationFiles: manifest.server.configurationFiles.map(\.path)
        )
    }

    /// What was wrong with the source of a backup.
    static func findings(_ manifest: BackupManifest) -> [Finding] {
        manifest.findings.map {
            Finding(code: $0.code, message: $0.message, path: $0.path, block: $0.block.map(Int64.init))
        }
    }

    /// `15.20` of 150020; `unknown` of 0.
    static func versionText(_ number: Int) -> String {
        if number == 0 { return "unknown" }
        return number >= 100_000 ? "\(number / 10_000).\(number % 10_000)" : "\(number)"
    }
}
