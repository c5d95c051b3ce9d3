extension Repository {
    /// Lists all backups. Only manifests and marks that the catalogue does not know are read, so it is instant.
    ///
    /// A manifest or mark that can't be read does not stop the listing; it is named in `unreadable`. So is a manifest that
    /// is gone, where the one after it tells of it: the newest of a cluster nothing tells of.
    ///
    /// - Throws: ``RepositoryError`` when a folder can't be listed.
    package func listing() throws -> BackupListing {
        var summaries: [String: BackupSummary] = [:]
        var marks: [String: Mark] = [:]
        var unreadable: [String: String] = [:]
        try store.list(ObjectName.clusters) { object in
            let name = object.name
            do {
                switch ObjectKind(name: name) {
                case .manifest:
                    summaries[name] =
                        try catalogue.summary(name) ?? BackupSummary(manifest(object: name), object: name)
                case .mark:
                    marks[name] = try catalogue.mark(name) ?? readMark(name)
                default: break
                }
            } catch let error as RepositoryError {
                unreadable[name] = error.message
            }
        }
        catalogue.remember(summaries: summaries, marks: marks)
        let deleted = Set(marks.values.filter { $0.action == .delete }.map(\.manifest))
        let abandoned = unreadable.keys.filter { name in
            ObjectKind(name: name) == .manifest && ObjectName.digest(of: name).map(deleted.contains) ?? false
        }
        var lost: [String: String] = [:]
        for (name, successor) in Self.predecessors(of: summaries.values)
        where summaries[name] == nil && unreadable[name] == nil {
            guard let digest = ObjectName.digest(of: name), !deleted.contains(digest) else { continue }
            lost[name] =
                "'\(name)' is gone: the manifest of '\(successor)' names it as the one before, and no mark deleted it"
        }
        unreadable.merge(lost) { reason, _ in reason }
        for name in abandoned { unreadable[name] = nil }
        let byManifest = Dictionary(grouping: marks.values, by: \.manifest)
        let all = summaries.values.map { summary in
            ListedBackup(summary: summary, marks: MarkState(summary.digest.flatMap { byManifest[$0] } ?? []))
        }
        return BackupListing(
            all: all.sorted { ($0.id, $0.summary.object) < ($1.id, $1.summary.object) },
            marks: marks,
            unreadable: unreadable,
            lost: Set(lost.keys),
            abandoned: Set(abandoned)
        )
    }

    /// Object names of the manifests that others name as the one before them, each with one of those backups.
    private static func predecessors(of summaries: some Sequence<BackupSummary>) -> [String: BackupID] {
        var names: [String: BackupID] = [:]
        for summary in summaries {
            guard let previous = summary.previous else { continue }
            let name = ObjectName.manifests(ofCluster: summary.cluster) + previous
            if ObjectKind(name: name) == .manifest { names[name] = summary.id }
        }
        return names
    }

    /// All backups that exist, oldest first.
    package func backups() throws -> [ListedBackup] {
        try listing().backups
    }

    /// The manifest of a backup that an operator names; see ``BackupListing/resolve(_:cluster:)``.
    package func manifest(named name: String) throws -> BackupManifest {
        try manifest(object: listing().resolve(name).summary.object)
    }

    /// Reads and checks a manifest.
    ///
    /// - Parameter name: Its object name.
    /// - Throws: ``RepositoryError``: `damaged` when its bytes don't have the digest in its name.
    package func manifest(object name: String) throws -> BackupManifest {
        let manifest = try BackupManifest(decoding: getChecked(name), name: name)
        guard manifest.repository == id else {
            throw RepositoryError(.damaged, "'\(name)' belongs to the repository '\(manifest.repository)'")
        }
        return manifest
    }

    /// Makes a backup exist: the last step, when everything the manifest names is stored.
    ///
    /// The caller holds the writer's lock and has seen to it that no other backup of the cluster has this id.
    ///
    /// - Returns: The manifest's digest.
    @discardableResult
    package func writeManifest(_ manifest: BackupManifest) throws -> Digest {
        let bytes = try RepositoryJSON.encode(manifest)
        let digest = Digest(hashing: bytes)
        try store.put(bytes: bytes, as: ObjectName.manifest(cluster: manifest.cluster, id: manifest.id, digest))
        return digest
    }

    /// The newest backup of a series whose manifest can be read: the next one most likely resembles it.
    ///
    /// - Parameters:
    ///   - cluster: The system identifier, in decimal.
    ///   - kind: The kind.
    ///   - database: Of which database, for dumps.
    ///   - listing: The repository's backups.
    package func newestManifest(
        ofCluster cluster: String,
        kind: BackupKind,
        database: String? = nil,
        in listing: BackupListing
    ) -> BackupManifest? {
        // The digest in a manifest's name is checked as it is read, so a damaged one is passed over.
        listing.backups.reversed().lazy
            .filter { $0.summary.cluster == cluster && $0.id.kind == kind && $0.summary.database == database }
            .compactMap { try? self.manifest(object: $0.summary.object) }
            .first
    }

    /// The file name that the next manifest of a cluster gives as `previous`; `nil` for the first.
    package func previousManifest(ofCluster cluster: String) throws -> String? {
        try store.names(ObjectName.manifests(ofCluster: cluster))
            .filter { ObjectKind(name: $0) == .manifest }
            .last.map { ObjectName.file(of: $0) }
    }

    /// Says something of a backup. The caller holds the writer's lock.
    ///
    /// - Parameters:
    ///   - action: What to say.
    ///   - backup: The backup, from a listing.
    ///   - author: Who asks for it: `retention`, `uid 1000`.
    ///   - details: Figures and reasons.
    ///   - time: When. A pin or unpin that would not be later than the last one, whether in the same second or because
    ///     the clock was set back, is dated one second after it, so that it counts.
    /// - Throws: ``RepositoryError``.
    @discardableResult
    package func addMark(
        _ action: Mark.Action,
        to backup: BackupSummary,
        by author: String,
        details: [String: JSONValue] = [:],
        at time: UTCTime = .now
    ) throws -> Mark {
        guard let digest = backup.digest else {
            throw RepositoryError(.invalidArgument, "'\(backup.object)' is no manifest's name")
        }
        var time = time
        if action == .pin || action == .unpin {
            // By the marks themselves, which a manifest that can't be read has too.
            let marks = MarkState(try listing().marks.values.filter { $0.manifest == digest })
            if let last = marks.decidedAt { time = max(time, last.adding(seconds: 1)) }
        }
        let mark = Mark(
            action: action,
            at: time,
            backup: backup.id,
            manifest: digest,
            by: author,
            details: details
        )
        let bytes = try RepositoryJSON.encode(mark)
        let name = ObjectName.mark(cluster: backup.cluster, at: time, Digest(hashing: bytes))
        try store.put(bytes: bytes, as: name)
        return mark
    }

    /// The packs that tombstones name: a writer takes the chunks that are only in them for unknown.
    ///
    /// A damaged tombstone names nothing: what it named is found again by the next garbage collection.
    package func tombstonedPacks() throws -> Set<Digest> {
        let objects = try Tombstone.readAll(in: self).sound.values.flatMap(\.objects)
        return Set(objects.compactMap { ObjectKind(name: $0) == .pack ? ObjectName.digest(of: $0) : nil })
    }

    /// Reads a small object and checks its bytes against its name.
    func getChecked(_ name: String) throws -> [UInt8] {
        let bytes = try store.get(name)
        guard let digest = ObjectName.digest(of: name), Digest(hashing: bytes) == digest else {
            throw RepositoryError(
                .damaged,
                "object '\(name)' is damaged: its bytes don't have the SHA-256 in its name",
                hint: "Run 'recyclicctl verify --full all' to see what else is."
            )
        }
        return bytes
    }

    private func readMark(_ name: String) throws -> Mark {
        try RepositoryJSON.decode(Mark.self, getChecked(name), name: name)
    }
}
