/// All backups of a repository, and the manifests and marks that could not be read.
package struct BackupListing: Sendable, Equatable {
    /// Backups whose manifests are whole, sorted by id then cluster; those a mark deleted included.
    package var all: [ListedBackup]
    /// Marks by object name, those that could be read.
    package var marks: [String: Mark]
    /// Manifests and marks that could not be read, with the reason; those in ``lost`` among them.
    package var unreadable: [String: String]
    /// Manifests that are gone although another names them as the one before it and no mark deleted them: what their backups
    /// need is as unknown as if they could not be read.
    package var lost: Set<String>
    /// Manifests that could not be read either, but that a mark deleted: nothing hangs on them.
    package var abandoned: Set<String>

    /// The backups that exist: no mark deleted them.
    package var backups: [ListedBackup] { all.filter { !$0.marks.isDeleted } }

    /// The manifest that can't be read of a backup that an operator names; `nil` when none fits, or several do.
    ///
    /// - Parameter name: An id, the unique beginning of one, or a manifest's file name.
    package func unreadableManifest(named name: String) -> UnreadableManifest? {
        guard !name.isEmpty else { return nil }
        let found = unreadable.compactMap { UnreadableManifest(object: $0.key, reason: $0.value) }
            .filter { ObjectName.file(of: $0.object).hasPrefix(name) || $0.object == name }
        return found.count == 1 ? found.first : nil
    }

    /// The backup that an operator names, to be unpinned or deleted: one whose manifest can't be read will do, and then no more
    /// is known of it than its name tells.
    ///
    /// - Throws: ``RepositoryError``: `notFound`, `ambiguousName`, `damaged`.
    package func resolveWhatIsLeft(of name: String) throws -> ListedBackup {
        do {
            return try resolve(name)
        } catch let error as RepositoryError where error.kind == .damaged {
            guard let manifest = unreadableManifest(named: name) else { throw error }
            let marks = marks.values.filter { $0.manifest == manifest.digest }
            return ListedBackup(summary: BackupSummary(manifest), marks: MarkState(marks))
        }
    }

    /// The backup that an operator names.
    ///
    /// - Parameters:
    ///   - name: An id, the unique beginning of one, a manifest's file name, or `latest`: the newest base backup, or the newest dump
    ///     where there is no base backup.
    ///   - cluster: Only this cluster's backups, where given.
    /// - Throws: ``RepositoryError``: `notFound`, `ambiguousName`.
    package func resolve(_ name: String, cluster: String? = nil) throws -> ListedBackup {
        let candidates = backups.filter { cluster == nil || $0.summary.cluster == cluster }
        if name == "latest" {
            // A dump is one database of many, so it stands for all of them only where there is nothing else.
            guard let latest = candidates.last(where: { $0.id.kind == .base }) ?? candidates.last else {
                throw RepositoryError(
                    .notFound,
                    "there is no backup yet",
                    hint: "Take one with 'recyclicctl trigger-backup'."
                )
            }
            return latest
        }
        var found = candidates.filter {
            let file = ObjectName.file(of: $0.summary.object)
            return $0.id.description == name || file == name || $0.summary.object == name
        }
        if found.isEmpty && !name.isEmpty {
            found = candidates.filter { ObjectName.file(of: $0.summary.object).hasPrefix(name) }
        }
        guard let first = found.first else {
            let broken = unreadable.keys.first { ObjectName.file(of: $0).hasPrefix(name) && !name.isEmpty }
            if let broken {
                throw RepositoryError(
                    .damaged,
                    "the manifest '\(broken)' can't be read: \(unreadable[broken] ?? "it is damaged")",
                    hint: "Copy it back from another copy of the repository, or take another backup: "
                        + "'recyclicctl backups list' shows them; 'recyclicctl backups delete' gives this one up."
                )
            }
            throw RepositoryError(
                .notFound,
                "there is no backup '\(name)'",
                hint: "'recyclicctl backups list' shows all of them."
            )
        }
        guard found.count == 1 else {
            let ids = found.prefix(4).map { ObjectName.file(of: $0.summary.object).prefix(29) }.joined(separator: ", ")
            throw RepositoryError(
                .ambiguousName,
                "'\(name)' fits \(found.count) backups: \(ids)",
                hint: "Give more of the name."
            )
        }
        return first
    }
}
