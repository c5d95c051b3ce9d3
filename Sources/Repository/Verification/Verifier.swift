import Blocking
import Synchronization

/// Checks that everything backups need is there and is what it must be.
///
/// Names against bytes, packs' directories, frames against chunk ids, references, sizes, PostgreSQL's own list of files.
/// It changes nothing; the caller holds a reader's lock. Memory: 34 bytes for each pack, a few MiB for each worker, and
/// what is damaged.
package struct Verifier {
    let repository: Repository
    let options: VerifyOptions
    let log: FindingLog

    var store: any ObjectStore { repository.store }

    /// - Parameters:
    ///   - repository: The repository.
    ///   - options: What to verify and how thoroughly.
    package init(_ repository: Repository, options: VerifyOptions) {
        self.repository = repository
        self.options = options
        log = FindingLog(onVerified: options.onVerified)
    }

    /// Removes what verifications of killed processes left in their scratch folder.
    ///
    /// - Parameters:
    ///   - folder: What ``VerifyOptions/scratchFolder`` was. Those of running ones stay.
    ///   - isShared: Whether other processes may be verifying with the same folder.
    /// - Returns: How many were removed.
    @discardableResult
    package static func removeLeftovers(in folder: String, isShared: Bool) -> Int {
        ScratchFolder.removeStale(in: folder, unlockedSeconds: isShared ? 3_600 : 0)
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
        let checksums = options.decoding == .none ? nil : try ChunkChecksums(folder: scratch.path)
        try checkPacks(index, manifests, damage, checksums)
        try checkReferences(manifests, index, damage, checksums, scratch)
        let ids = manifests.map(\.manifest.id).sorted()
        guard options.backups != nil else { return log.report(backups: ids) }
        if log.report(backups: ids).damagedPacks.contains(where: { !options.damaged.contains($0) }) {
            try checkOthers(than: Set(manifests.map(\.object)), listing, index, damage)
        }
        return withoutKnown(log.report(backups: ids))
    }

    /// Of some backups alone, a pack that is known to be damaged counts when they lose something by it: all that it held may
    /// be elsewhere too. One that nobody knew of yet counts in any case, for nothing else would tell of it.
    private func withoutKnown(_ found: VerifyReport) -> VerifyReport {
        var report = found
        let isKnown = { (object: DamagedObject) in
            ObjectKind(name: object.name) == .pack && object.affects.isEmpty
                && ObjectName.digest(of: object.name).map(options.damaged.contains) ?? false
        }
        report.notes += found.damaged.filter(isKnown).map {
            "'\($0.name)' is damaged, as was known, and nothing is lost by it here"
        }
        report.damaged.removeAll(where: isKnown)
        return report
    }

    // MARK: - Packs

    private func report(_ index: ConsolidatedIndex) {
        for (name, reason) in index.damagedIndexes { log.damaged(name, reason, isMendable: true) }
        for name in index.soundIndexes {
            let size = (try? store.size(of: name)) ?? 0
            log.checked(ListedObject(name: name, size: size), isGood: true)
        }
        // Of some backups alone, only what they need counts: the references' check tells of that.
        guard options.backups == nil else { return }
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
                bases: index.reader(of: store, comparesIDs: false),
                checkedBases: index.reader(of: store),
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
        var marker = TolerantMarker(marker: LiveMarker(index: file, avoiding: index.missing.union(options.damaged)))
        var walker = BackupWalker(source: try index.reader(of: store))
        for named in manifests {
            _ = try walker.walk(root: named.manifest.table.root, &marker) { try options.cancellation?.check() }
        }
        return Set(
            try PackUsage.count(file, live: marker.marker.live).filter { $0.liveBytes > 0 }.map(\.pack.digest)
        )
    }

    // MARK: - References

    /// Finds out which backups that nobody asked for lose something by the damage found.
    private func checkOthers(
        than asked: Set<String>,
        _ listing: BackupListing,
        _ index: ConsolidatedIndex,
        _ damage: PackDamageMap
    ) throws {
        var walker = BackupWalker(source: try index.reader(of: store))
        for object in listing.backups.map(\.summary.object) where !asked.contains(object) {
            guard let manifest = try? repository.manifest(object: object) else { continue }
            var visitor = ReferenceVisitor(
                index: index.file,
                damage: damage,
                log: log,
                object: object,
                backup: manifest.id
            )
            _ = try walker.walk(root: manifest.table.root, &visitor) { try options.cancellation?.check() }
        }
    }

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
