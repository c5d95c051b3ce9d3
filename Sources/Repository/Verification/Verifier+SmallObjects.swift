import Blocking

// What is small and few: the repository's description, manifests, marks, tombstones.

extension Verifier {
    func checkRepositoryFile() {
        let name = ObjectName.repository
        do {
            let bytes = try store.get(name, limit: 1 << 16)
            _ = try RepositoryHeader(decoding: bytes, path: name)
            log.checked(ListedObject(name: name, size: Int64(bytes.count)), isGood: true)
        } catch let error as RepositoryError {
            if error.kind == .notFound {
                log.missing(name, error.message)
            } else {
                log.damaged(name, error.message)
            }
        } catch {
            log.damaged(name, "\(error)")
        }
    }

    /// Manifests, marks and tombstones: they are few and small, so they are read every time.
    func checkSmallObjects(_ listing: BackupListing) throws {
        let names = Set(options.backups?.map(\.object) ?? [])
        let deleted = Set(listing.marks.values.filter { $0.action == .delete }.map(\.manifest))
        func isAsked(_ name: String) -> Bool {
            options.backups == nil || names.contains(name) || ObjectKind(name: name) != .manifest
        }
        for prefix in [ObjectName.clusters, ObjectName.tombstones] {
            try store.list(prefix) { object in
                try options.cancellation?.check()
                switch ObjectKind(name: object.name) {
                case .manifest, .mark, .tombstone:
                    if isAsked(object.name) { checkSmallObject(object, deleted: deleted) }
                case .wal: break
                case .pack, .index, .repository, .unknown: log.note("'\(object.name)' is no object of a repository")
                }
            }
        }
    }

    private func checkSmallObject(_ object: ListedObject, deleted: Set<Digest>) {
        let name = object.name
        let kind = ObjectKind(name: name)
        do {
            let bytes = try repository.getChecked(name)
            switch kind {
            case .manifest: _ = try repository.manifest(object: name)
            case .mark: _ = try RepositoryJSON.decode(Mark.self, bytes, name: name)
            default: _ = try RepositoryJSON.decode(Tombstone.self, bytes, name: name)
            }
            log.checked(object, isGood: true)
        } catch {
            log.checked(object, isGood: false)
            let reason = (error as? RepositoryError)?.message ?? "\(error)"
            if kind == .manifest, let digest = ObjectName.digest(of: name), deleted.contains(digest) {
                return log.note("\(reason); its backup was deleted, and it will be removed")
            }
            log.damaged(
                name,
                reason,
                affects: kind == .manifest ? ObjectName.manifestParts(name)?.id : nil,
                isMendable: kind == .tombstone
            )
        }
    }

    /// Those that can be read; the others are in the log already, or are put there now.
    func readManifests(_ backups: [BackupSummary]) -> [NamedManifest] {
        backups.compactMap { backup in
            do {
                return NamedManifest(object: backup.object, manifest: try repository.manifest(object: backup.object))
            } catch {
                let reason = (error as? RepositoryError)?.message ?? "\(error)"
                if (error as? RepositoryError)?.kind == .notFound {
                    log.missing(backup.object, reason, affects: backup.id)
                } else {
                    log.damaged(backup.object, reason, affects: backup.id)
                }
                return nil
            }
        }
    }

    /// Each manifest names the one before it; one that is gone without a mark was taken away by someone.
    func checkChain(_ listing: BackupListing) {
        guard options.backups == nil else { return }
        for name in listing.lost.sorted() {
            log.missing(name, listing.unreadable[name] ?? "it is gone", affects: ObjectName.manifestParts(name)?.id)
        }
    }
}
