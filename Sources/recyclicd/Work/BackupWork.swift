import Blocking
import Configuration
import Foundation
import Logging
import Protection
import Repository
import State

/// Takes a base backup as a job.
struct BackupWork: Sendable {
    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder

    func run(_ context: JobContext) async throws -> JobResult {
        let settings = settings.current
        let damaged = Set(try await state.damagedObjects().compactMap { ObjectName.digest(of: $0.name) })
        let request = BaseBackupRequest(
            connection: settings.connection,
            ingest: settings.ingest(excluding: damaged),
            tool: "recyclicd \(Version.text)"
        )
        let repository = try await repository.open()
        let result = try await onThread("backup", cancelling: context.cancellation) {
            try BaseBackup(
                request,
                to: repository,
                cancellation: context.cancellation,
                progress: context.meter
            ).run()
        }
        // The newest digest in the journal lets an operator notice a repository that was changed behind our back.
        context.logger.log(
            .backupStored,
            level: .notice,
            "stored \(result.id)",
            metadata: [
                LogKey.backup: "\(result.id)",
                LogKey.digest: "\(result.digest.hex)",
                LogKey.logicalBytes: "\(result.manifest.sizes.logicalBytes)",
                LogKey.addedBytes: "\(result.manifest.sizes.addedBytes)",
            ]
        )
        var changes: [EventDraft] = []
        do {
            changes = try await remember(result.manifest, context)
        } catch {
            // The backup exists; what is remembered of the cluster is a convenience.
            context.logger.warning("the cluster could not be remembered, ignoring: \(error)")
        }
        return JobResult(
            backups: [result.id.description],
            warnings: result.findings.map { "the server found damage: \($0.message)" },
            events: changes + [
                WorkEvents.stored(
                    result.manifest,
                    digest: result.digest,
                    seconds: result.durations.total / .seconds(1)
                )
            ]
        )
    }

    /// Notes which cluster this is, and says so when it is another one than before behind the same address.
    private func remember(_ manifest: BackupManifest, _ context: JobContext) async throws -> [EventDraft] {
        let known = try await state.value(.knownCluster)
        let now = Date()
        var changes: [EventDraft] = []
        if let known, known.systemIdentifier != manifest.cluster {
            let message =
                "the server is another cluster than before: \(manifest.cluster), not \(known.systemIdentifier)"
            context.logger.log(.clusterChanged, level: .warning, "\(message)")
            changes.append(EventDraft(.clusterChanged, .warning, subject: manifest.cluster, message))
        }
        let isSame = known?.systemIdentifier == manifest.cluster
        try await state.set(
            .knownCluster,
            to: KnownCluster(
                systemIdentifier: manifest.cluster,
                serverVersion: manifest.server.version,
                firstSeenAt: isSame ? known?.firstSeenAt ?? now : now,
                lastSeenAt: now
            )
        )
        return changes
    }
}

extension Settings {
    /// How backups are stored.
    ///
    /// - Parameter damaged: Packs known to be damaged: what they held is stored again.
    func ingest(excluding damaged: Set<Digest>) -> IngestOptions {
        var options: IngestOptions
        switch backup.compression {
        case .zstd(let level): options = IngestOptions(codec: .zstd, level: level, workers: backup.workers)
        case .gzip(let level): options = IngestOptions(codec: .gzip, level: level, workers: backup.workers)
        case .none: options = IngestOptions(codec: .none, workers: backup.workers)
        }
        options.excludedPacks = damaged
        options.reservedBytes = Int64(alerts.diskSpaceCriticalBytes)
        return options
    }
}
