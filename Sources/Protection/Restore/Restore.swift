package import Blocking
import Glibc
import PostgresClient
import Repository

/// Restores a backup to a new data directory, without a daemon and without a database.
///
/// All calls block; make them on a thread of their own.
package struct Restore {
    private let contents: BackupContents
    private let options: RestoreOptions

    /// - Parameters:
    ///   - contents: The backup.
    ///   - options: What is asked.
    package init(_ contents: BackupContents, options: RestoreOptions) {
        self.contents = contents
        self.options = RestoreOptions(
            target: Restore.normalized(options.target),
            owner: options.owner,
            tablespaces: options.tablespaces
        )
    }

    // MARK: - Planning

    /// Decides all that can be decided, and refuses all that can be refused, before anything is written.
    ///
    /// - Throws: ``RestoreError``, ``RepositoryError``.
    package func plan() throws -> RestorePlan {
        let manifest = contents.manifest
        guard let wal = manifest.wal else {
            throw RestoreError(
                .backupUnusable,
                "backup '\(manifest.id)' is a dump, which has no data directory",
                hint:
                    "Restore it into a database: recyclicctl restore \(manifest.id) --into postgresql://USER@HOST/NEW_NAME"
            )
        }
        try checkTarget()
        let owner = try RestoreOwner.resolve(options.owner)
        let placements = try TablespacePlacement.place(
            manifest.server.tablespaces.map { ($0.oid, $0.location) },
            mappings: options.tablespaces,
            target: options.target
        )
        for placement in placements { try checkPlace(placement) }
        let control = try contents.controlFile()
        let settings = RecoverySettings(
            target: .endOfBackup,
            timeline: wal.timeline,
            limits: control.limits
        )
        let preview = try preview(wal, owner: owner, placements: placements, settings: settings)
        return RestorePlan(
            options: options,
            manifest: manifest,
            owner: owner,
            placements: placements,
            settings: settings,
            preview: preview
        )
    }

    private func preview(
        _ wal: BackupManifest.WAL,
        owner: RestoreOwner,
        placements: [TablespacePlacement],
        settings: RecoverySettings
    ) throws -> RestorePreview {
        let manifest = contents.manifest
        let configuration = try ["postgresql.conf", "postgresql.auto.conf"].map { try contents.text($0) ?? "" }
        return RestorePreview(
            backup: manifest.id.description,
            cluster: manifest.cluster,
            target: options.target,
            owner: owner.name,
            logicalBytes: manifest.table.bytes,
            files: manifest.table.files,
            walBytes: contents.walBytes,
            freeBytes: try Folders.freeBytes(at: Folders.nearestExisting(options.target)),
            server: "PostgreSQL \(contents.majorVersion)",
            majorVersion: contents.majorVersion,
            timeline: wal.timeline,
            startLSN: wal.startLSN,
            endLSN: wal.endLSN,
            tablespaces: placements.map {
                let inside = "\(options.target)/\(TablespacePlacement.folder)/\($0.oid)"
                return .init(oid: $0.oid, original: $0.original, restored: $0.mapped ?? inside)
            },
            settingsChanged: settings.changes(to: configuration.joined(separator: "\n")),
            findings: manifest.findings.count
        )
    }

    private func checkTarget() throws {
        let target = options.target
        guard target.hasPrefix("/"), target != "/" else {
            throw RestoreError(
                .targetInvalid,
                "'\(target)' can't be a data directory",
                hint: "Name a folder by its absolute path."
            )
        }
        let repository = contents.repository.path
        guard !"\(target)/".hasPrefix("\(repository)/"), !"\(repository)/".hasPrefix("\(target)/") else {
            throw RestoreError(
                .targetInvalid,
                "'\(target)' and the repository '\(repository)' lie in one another",
                hint: "Restore to a folder outside the repository."
            )
        }
        try checkPlace(target, as: .targetNotEmpty)
        guard !isMountPoint(target) else {
            throw RestoreError(
                .targetInvalid,
                "'\(target)' is a mount point, which can't be replaced by the finished data directory",
                hint: "Restore to a folder in it, such as '\(target)/data'."
            )
        }
    }

    private func checkPlace(_ placement: TablespacePlacement) throws {
        guard let folder = placement.mapped else { return }
        try checkPlace(folder, as: .tablespaceNotEmpty)
    }

    private func checkPlace(_ path: String, as kind: RestoreError.Code) throws {
        let hint = "Name a folder that is empty or does not exist; nothing is ever deleted to make room for a restore."
        switch try Folders.contents(of: path) {
        case .absent, .empty: return
        case .filled: throw RestoreError(kind, "'\(path)' is not empty", hint: hint)
        case .notAFolder: throw RestoreError(kind, "'\(path)' is not a folder", hint: hint)
        }
    }

    private func isMountPoint(_ path: String) -> Bool {
        var (own, parents) = (stat(), stat())
        guard lstat(path, &own) == 0, lstat(Folders.parent(of: path), &parents) == 0 else { return false }
        return own.st_dev != parents.st_dev
    }

    private static func normalized(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        return path.hasPrefix("/") ? "/" + parts.joined(separator: "/") : path
    }

    // MARK: - Doing

    /// Restores what was planned. On any error nothing is left, neither under the target's name nor beside it.
    ///
    /// - Parameters:
    ///   - plan: From ``plan()``.
    ///   - workers: How many threads decode.
    ///   - cancellation: Ends the work, leaving nothing.
    ///   - progress: Gets the phases.
    /// - Throws: ``RestoreError``, ``RepositoryError``, `CancellationError`.
    package func perform(
        _ plan: RestorePlan,
        workers: Int = 2,
        cancellation: CancellationFlag,
        progress: ProgressMeter
    ) throws -> RestoreResult {
        let start = ContinuousClock.now
        PartialRestore.removeStale(beside: plan.options.target)
        try checkSpace(plan)
        let partial = try PartialRestore(target: plan.options.target)
        do {
            let owner = geteuid() == 0 ? plan.owner.ids : nil
            let tablespaces = try plan.placements.map { placement in
                DataDirectoryWriter.Tablespace(
                    oid: placement.oid,
                    folder: try placement.mapped.map { try partial.addOutside($0, owner: owner) },
                    linkTarget: placement.linkTarget
                )
            }
            let writer = DataDirectoryWriter(
                contents: contents,
                tablespaces: tablespaces,
                owner: owner,
                settings: plan.settings,
                configuration: .source,
                workers: workers,
                cancellation: cancellation,
                progress: progress
            )
            let (summary, changes) = try writer.write(to: partial.data, scratch: partial.scratch)
            try refuseCreatedTablespaces(partial.data)
            progress.enter("syncing")
            try partial.sync()
            try cancellation.check()
            try partial.commit()
            return RestoreResult(
                preview: plan.preview,
                summary: summary,
                settingsChanged: changes,
                seconds: (ContinuousClock.now - start) / .seconds(1)
            )
        } catch {
            partial.discard()
            throw error
        }
    }

    /// Refuses a backup during which a tablespace was made at a place that exists on this machine: the restored server
    /// would empty it as it replays.
    private func refuseCreatedTablespaces(_ data: String) throws {
        guard let wal = contents.manifest.wal else { return }
        let folder = "\(data)/\(RecoverySettings.walFolder)"
        let created = try CreatedTablespaces.locations(in: wal, folder: folder)
        guard let location = created.first(where: { access($0, F_OK) == 0 }) else { return }
        throw RestoreError(
            .tablespaceNotEmpty,
            "a tablespace was created at '\(location)' while backup '\(contents.manifest.id)' ran; the restored server "
                + "would overwrite what is there now",
            hint:
                "Restore another backup ('recyclicctl backups'), or restore this one on a machine without that folder."
        )
    }

    private func checkSpace(_ plan: RestorePlan) throws {
        let outside = contents.manifest.server.tablespaces.filter { tablespace in
            plan.placements.contains { $0.oid == tablespace.oid && $0.mapped != nil }
        }
        let needed = plan.preview.logicalBytes + plan.preview.walBytes - outside.compactMap(\.sizeBytes).reduce(0, +)
        let free = try Folders.freeBytes(at: Folders.nearestExisting(plan.options.target))
        guard free >= needed else {
            throw RestoreError(
                .noSpace,
                "'\(plan.options.target)' needs \(needed) bytes, and its disk has \(free) free",
                hint: "Restore to a larger disk, or free space on this one."
            )
        }
    }
}
