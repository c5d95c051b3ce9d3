import Blocking
import Glibc
import Repository

/// Writes a backup as a data directory that PostgreSQL can start on: files, tablespaces, WAL and recovery settings.
///
/// It neither looks at what was there nor renames anything: a restore and a drill each do that in their own way.
struct DataDirectoryWriter {
    /// Where a tablespace's files are written, and what its link says.
    struct Tablespace {
        /// Its OID.
        let oid: UInt32
        /// The existing folder outside the data directory that its files go to now; `nil` makes one inside.
        let folder: String?
        /// What the link says.
        let linkTarget: String
    }

    /// What becomes of the server's configuration.
    enum Configuration {
        /// The source's, changed only where it must be, and completed where it lay outside the data directory.
        case source
        /// Recovery alone, for a scratch server with a configuration of its own.
        case recoveryOnly
    }

    let contents: BackupContents
    let tablespaces: [Tablespace]
    let owner: ExtractionLayout.Owner?
    let settings: RecoverySettings
    let configuration: Configuration
    let workers: Int
    let cancellation: CancellationFlag
    let progress: ProgressMeter

    /// What a data directory of a source may hold that must not come back: a second copy of tablespaces that lay inside
    /// it, leftovers of an earlier recovery, and the list of links that would lead to the original tablespaces.
    private static let omitted = [
        TablespacePlacement.folder, RecoverySettings.walFolder, "tablespace_map", "standby.signal", "recovery.signal",
        "postmaster.pid", "postmaster.opts",
    ]

    /// Writes everything.
    ///
    /// - Parameters:
    ///   - root: The data directory; it does not exist yet.
    ///   - scratch: An existing, empty folder.
    /// - Returns: What was written, and the settings that were changed.
    func write(to root: String, scratch: String) throws -> (summary: ExtractionSummary, changes: [SettingChange]) {
        try Folders.make(root, owner: owner)
        let summary = try extract(to: root, scratch: scratch)
        try check(root)
        try linkTablespaces(root)
        progress.enter("restoring WAL", bytesTotal: contents.walBytes)
        let wal = "\(root)/\(RecoverySettings.walFolder)"
        try Folders.make(wal, owner: owner)
        try WALExtractor(
            repository: contents.repository,
            manifest: contents.manifest,
            workers: workers,
            cancellation: cancellation
        )
        .extract(to: wal, owner: owner, progress: progress)
        let changes = try configure(root)
        try Folders.write("", to: "\(root)/recovery.signal", owner: owner)
        return (summary, changes)
    }

    private func extract(to root: String, scratch: String) throws -> ExtractionSummary {
        let inside = "\(root)/\(TablespacePlacement.folder)"
        if tablespaces.contains(where: { $0.folder == nil }) { try Folders.make(inside, owner: owner) }
        let redirections = try tablespaces.map { tablespace in
            if tablespace.folder == nil { try Folders.make("\(inside)/\(tablespace.oid)", owner: owner) }
            return ExtractionLayout.Redirection(
                path: "pg_tblspc/\(tablespace.oid)",
                folder: tablespace.folder ?? "\(inside)/\(tablespace.oid)",
                linkTarget: tablespace.linkTarget
            )
        }
        let extractor = Extractor(
            repository: contents.repository,
            manifest: contents.manifest,
            index: contents.index,
            workers: workers,
            cancellation: cancellation,
            progress: progress
        )
        let layout = ExtractionLayout(root: root, redirections: redirections, omitted: Self.omitted, owner: owner)
        return try extractor.extract(layout, scratch: scratch)
    }

    /// What a server can't recover without.
    private func check(_ root: String) throws {
        for name in ["PG_VERSION", "backup_label", "global/pg_control"] {
            guard access("\(root)/\(name)", F_OK) == 0 else {
                throw RestoreError(
                    .backupUnusable,
                    "backup '\(contents.manifest.id)' has no '\(name)'",
                    hint: "Take another backup ('recyclicctl backups'), and report this: no such backup should exist."
                )
            }
        }
    }

    /// The file table need not hold the links: they are known from the server's facts too.
    private func linkTablespaces(_ root: String) throws {
        for tablespace in tablespaces {
            let link = "\(root)/pg_tblspc/\(tablespace.oid)"
            var status = stat()
            if lstat(link, &status) == 0 { continue }
            guard symlink(tablespace.linkTarget, link) == 0 else {
                throw RepositoryError(errno: errno, "make the link", path: link)
            }
            if let owner, lchown(link, owner.uid, owner.gid) != 0 {
                throw RepositoryError(errno: errno, "change the owner of", path: link)
            }
        }
    }

    private func configure(_ root: String) throws -> [SettingChange] {
        let automatic = "\(root)/postgresql.auto.conf"
        let before = try Folders.text(of: automatic) ?? ""
        unlink(automatic)
        switch configuration {
        case .recoveryOnly:
            try Folders.write(settings.text, to: automatic, owner: owner)
            return []
        case .source:
            try Folders.write(settings.rewriting(before), to: automatic, owner: owner)
            let main = try completeConfiguration(root)
            return settings.changes(to: main + "\n" + before)
        }
    }

    /// Writes the configuration files that the source had elsewhere, and takes out of one that it had inside what would
    /// lead the server to another data directory.
    ///
    /// - Returns: The text of postgresql.conf.
    private func completeConfiguration(_ root: String) throws -> String {
        let recorded = RecordedConfiguration(contents.manifest.server)
        let main = "\(root)/postgresql.conf"
        var text = recorded.mainFile
        if let existing = try Folders.text(of: main) {
            text = RecordedConfiguration.withoutForeignPaths(
                existing,
                dropping: ["data_directory", "external_pid_file"]
            )
            if text != existing { unlink(main) }
        }
        if access(main, F_OK) != 0 { try Folders.write(text, to: main, owner: owner) }
        for (name, text) in [("pg_hba.conf", recorded.hostBasedAuthentication), ("pg_ident.conf", recorded.userMaps)] {
            let file = "\(root)/\(name)"
            if access(file, F_OK) != 0 { try Folders.write(text, to: file, owner: owner) }
        }
        return text
    }
}
