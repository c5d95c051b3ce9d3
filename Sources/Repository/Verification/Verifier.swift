import Blocking
import Synchronization

/// Checks that everything backups need is there and is what it must be.
///
/// Names against bytes, packs' directories, frames against chunk ids, references, sizes, PostgreSQL's own list of files.
/// It changes nothing; the caller holds a reader's lock. Memory: 34 bytes for each pack, a few MiB for each worker, and
/// what is damaged.
package struct Verifier {
    private let repository: Repository
    private let options: VerifyOptions
    private let log: FindingLog

    private var store: any ObjectStore { repository.store }

    /// - Parameters:
    ///   - repository: The repository.
    ///   - options: What to verify and how thoroughly.
    package init(_ repository: Repository, options: VerifyOptions) {
        self.repository = repository
        self.options = options
        log = FindingLog(onVerified: options.onVerified)
    }

    /// Verifies. Damage is a result, not an error.
    ///
    /// - Throws: ``RepositoryError`` when the repository can't be listed or the scratch folder can't be written;
    ///   `CancellationError`.
    package func run() throws -> VerifyReport {
        options.progress?.enter("reading manifests")
        checkRepositoryFile()
        let listing = try repository.listing()
        let backups = options.backups ?? listing.backups.map(\.summary)
        try checkSmallObjects(listing)
        let manifests = readManifests(backups)
        try checkWAL(manifests)
        checkChain(listing)

        options.progress?.enter("reading indexes")
        let scratch = try ScratchFolder(in: options.scratchFolder)
        let index = try ConsolidatedIndex(
            of: store,
            folder: scratch.path,
            // One that can't be read is in the log; the packs it names then count as not indexed.
            ignoring: (try? repository.tombstonedPacks()) ?? [],
            keepsMissing: true,
            cancellation: options.cancellation
        )
        report(index)
        let damage = PackDamageMap()
        for pack in index.missing { damage[pack] = .missing }
        let checksums = options.isFull ? try ChunkChecksums(folder: scratch.path) : nil
        try checkPacks(index, manifests, damage, checksums)
        try checkReferences(manifests, index, damage, checksums, scratch)
        return log.report(backups: manifests.map(\.manifest.id).sorted())
    }

    // MARK: - Small objects

    private func checkRepositoryFile() {
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
    private func checkSmallObjects(_ listing: BackupListing) throws {
        let names = Set(options.backups?.map(\.object) ?? [])
        func isAsked(_ name: String) -> Bool {
            options.backups == nil || names.contains(name) || ObjectKind(name: name) != .manifest
        }
        for prefix in [ObjectName.clusters, ObjectName.tombstones] {
            try store.list(prefix) { object in
                try options.cancellation?.check()
                switch ObjectKind(name: object.name) {
                case .manifest, .mark, .tombstone: if isAsked(object.name) { checkSmallObject(object) }
                case .wal: break
                case .pack, .index, .repository, .unknown: log.note("'\(object.name)' is no object of a repository")
                }
            }
        }
    }

    private func checkSmallObject(_ object: ListedObject) {
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
            log.damaged(
                name,
                reason,
                affects: kind == .manifest ? ObjectName.manifestParts(name)?.id : nil,
                isMendable: kind == .tombstone
            )
        }
    }

    /// A manifest with its object name.
    private struct NamedManifest {
        var object: String
        var manifest: BackupManifest
    }

    /// Those that can be read; the others are in the log already, or are put there now.
    private func readManifests(_ backups: [BackupSummary]) -> [NamedManifest] {
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
    private func checkChain(_ listing: BackupListing) {
        guard options.backups == nil else { return }
        let present = Set(listing.all.compactMap(\.summary.digest))
            .union(listing.unreadable.keys.compactMap { ObjectName.digest(of: $0) })
        let deleted = Set(listing.marks.values.filter { $0.action == .delete }.map(\.manifest))
        for backup in listing.all {
            guard let previous = backup.summary.previous, let digest = ObjectName.digest(of: previous),
                !present.contains(digest), !deleted.contains(digest)
            else { continue }
            let folder = ObjectName.manifests(ofCluster: backup.summary.cluster)
            let lost = ObjectName.manifestParts(previous)?.id
            log.missing(
                folder + previous,
                "the manifest of '\(backup.id)' names it as the one before, and no mark deleted it",
                affects: lost
            )
        }
    }

    // MARK: - WAL

    private func checkWAL(_ manifests: [NamedManifest]) throws {
        options.progress?.enter("checking WAL")
        var seen: Set<String> = []
        let verifier = WALVerifier(store: store)
        for named in manifests {
            let folder = ObjectName.folder(ofCluster: named.manifest.cluster)
            for object in named.manifest.wal.objects + named.manifest.wal.histories {
                try options.cancellation?.check()
                let name = folder + object.object
                // Another backup's need of a damaged one is told of too, so it is looked at again.
                if seen.contains(name) { continue }
                if try checkWAL(object, name, codec: named.manifest.codec, verifier, named.manifest.id) {
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
        codec: String,
        _ verifier: WALVerifier,
        _ backup: BackupID
    ) throws -> Bool {
        do {
            let listed = ListedObject(name: name, size: try store.size(of: name))
            if isSkipped(listed) {
                log.skipped()
                return true
            }
            try verifier.check(object, name: name, codec: codec, cancellation: options.cancellation)
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

    // MARK: - Packs

    private func report(_ index: ConsolidatedIndex) {
        for (name, reason) in index.damagedIndexes { log.damaged(name, reason, isMendable: true) }
        for name in index.soundIndexes {
            let size = (try? store.size(of: name)) ?? 0
            log.checked(ListedObject(name: name, size: size), isGood: true)
        }
        for (pack, reason) in index.unreadablePacks { log.damaged(ObjectName.pack(pack), reason) }
        for pack in index.missing { log.missing(ObjectName.pack(pack), "an index names it, but it is not there") }
        if !index.unindexed.isEmpty {
            log.note("\(index.unindexed.count) packs are in no index; the next backup adds them to one")
        }
    }

    private func checkPacks(
        _ index: ConsolidatedIndex,
        _ manifests: [NamedManifest],
        _ damage: PackDamageMap,
        _ checksums: ChunkChecksums?
    ) throws {
        let asked = options.backups == nil ? nil : try neededPacks(index, manifests)
        let packs = index.packs.filter { asked?.contains($0.key) ?? true }
        let total = packs.values.reduce(0, +)
        options.progress?.enter("checking packs", bytesTotal: total, filesTotal: Int64(packs.count))
        let queue = BlockingQueue<(Digest, Int64)>(capacity: 32)
        let failure = FirstFailure()
        let threads = ThreadGroup()
        for _ in 0..<min(max(options.workers, 1), 16) {
            let verifier = try PackVerifier(
                store: store,
                index: index.file,
                bases: index.reader(of: store),
                checksums: checksums,
                cancellation: options.cancellation
            )
            let worker = PackWorker(verifier: verifier, options: options, log: log, damage: damage)
            threads.start("verify") {
                while let (pack, size) = queue.take() {
                    do {
                        if !failure.isSet { try worker.check(pack, size: size) }
                    } catch {
                        failure.set(error)
                    }
                }
            }
        }
        for (pack, size) in packs.sorted(by: { $0.key < $1.key }) { queue.put((pack, size)) }
        queue.finish()
        threads.join()
        if let error = failure.error { throw error }
        try store.list(ObjectName.packs) { object in
            if ObjectKind(name: object.name) != .pack { log.note("'\(object.name)' is no object of a repository") }
        }
    }

    /// The packs that hold the best copies of what some backups need.
    private func neededPacks(_ index: ConsolidatedIndex, _ manifests: [NamedManifest]) throws -> Set<Digest> {
        guard let file = index.file else { return [] }
        var marker = TolerantMarker(marker: LiveMarker(index: file, avoiding: index.missing))
        var walker = BackupWalker(source: try index.reader(of: store))
        for named in manifests {
            _ = try walker.walk(root: named.manifest.table.root, &marker) { try options.cancellation?.check() }
        }
        return Set(
            try PackUsage.count(file, live: marker.marker.live).filter { $0.liveBytes > 0 }.map(\.pack.digest)
        )
    }

    // MARK: - References

    private func checkReferences(
        _ manifests: [NamedManifest],
        _ index: ConsolidatedIndex,
        _ damage: PackDamageMap,
        _ checksums: ChunkChecksums?,
        _ scratch: ScratchFolder
    ) throws {
        options.progress?.enter("checking references", filesTotal: Int64(manifests.count))
        let source = try index.reader(of: store)
        var walker = BackupWalker(source: source)
        for named in manifests {
            let manifest = named.manifest
            var visitor = ReferenceVisitor(
                index: index.file,
                damage: damage,
                log: log,
                object: named.object,
                backup: manifest.id
            )
            let totals = try walker.walk(root: manifest.table.root, &visitor) { try options.cancellation?.check() }
            options.progress?.advance(files: 1)
            guard totals.isWhole, let file = index.file else { continue }
            if totals.files != manifest.table.files || totals.bytes != manifest.table.bytes {
                log.damaged(
                    named.object,
                    "it counts \(manifest.table.files) files of \(manifest.table.bytes) bytes, its table "
                        + "\(totals.files) of \(totals.bytes)",
                    affects: manifest.id
                )
            }
            let check = try ServerManifestCheck(
                root: manifest.table.root,
                source: source,
                index: file,
                checksums: checksums,
                folder: scratch.path
            )
            for finding in try check.run(cancellation: options.cancellation) {
                log.damaged(named.object, finding, affects: manifest.id)
            }
        }
    }
}
