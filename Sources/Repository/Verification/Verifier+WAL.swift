import Blocking

// WAL objects: those that backups name, and the others.

extension Verifier {
    func checkWAL(_ manifests: [NamedManifest]) throws {
        options.progress?.enter("checking WAL")
        var seen: Set<String> = []
        let verifier = WALVerifier(store: store)
        for named in manifests {
            let folder = ObjectName.folder(ofCluster: named.manifest.cluster)
            for object in named.manifest.walObjects {
                try options.cancellation?.check()
                let name = folder + object.object
                // Another backup's need of a damaged one is told of too, so it is looked at again.
                if seen.contains(name) { continue }
                if try checkWAL(object, name, verifier, named.manifest.id) {
                    seen.insert(name)
                }
            }
        }
        guard options.backups == nil else { return }
        try store.list(ObjectName.clusters) { object in
            guard ObjectKind(name: object.name) == .wal, !seen.contains(object.name), !isSkipped(object) else { return }
            do {
                try ObjectDigest.check(store.open(object.name), cancellation: options.cancellation)
                log.checked(object, isGood: true)
            } catch let error as RepositoryError {
                log.checked(object, isGood: false)
                log.damaged(object.name, error.message)
            }
        }
    }

    /// Checks a WAL object that a backup needs.
    ///
    /// - Returns: Whether it is good.
    private func checkWAL(
        _ object: BackupManifest.WALObject,
        _ name: String,
        _ verifier: WALVerifier,
        _ backup: BackupID
    ) throws -> Bool {
        do {
            let listed = ListedObject(name: name, size: try store.size(of: name))
            if isSkipped(listed) {
                log.skipped()
                return true
            }
            try verifier.check(name, bytes: object.bytes, cancellation: options.cancellation)
            log.checked(listed, isGood: true)
            return true
        } catch let error as RepositoryError {
            if error.kind == .notFound {
                log.missing(name, "the backup needs it, but it is not there", affects: backup)
            } else {
                log.damaged(name, error.message, affects: backup)
            }
            return false
        }
    }

    /// Whether an earlier verification read this object and it still has that size.
    private func isSkipped(_ object: ListedObject) -> Bool {
        !options.isFull && options.verifiedSize(object.name) == object.size
    }
}
