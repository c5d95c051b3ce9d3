package import Blocking

/// Removes what no backup needs, in two steps a grace period apart, and moves what is needed out of mostly dead packs.
///
/// What was named a grace period ago goes first, so that a full disk gets space before anything is written to it.
///
/// Dying between any two of its steps leaves a repository that verifies, and the next run goes on from there. Memory:
/// a bit for each chunk, 50 bytes for each pack, the names of the WAL objects and of what is removed.
package struct GarbageCollector {
    /// With more indexes than this they are merged, even when nothing is removed.
    private static let mostIndexes = 8

    private let repository: Repository
    private let lock: RepositoryLock
    private let damaged: Set<Digest>
    private let gracePeriod: Int64
    private let patience: Duration
    private let now: UTCTime
    private let cancellation: CancellationFlag?
    private let progress: ProgressMeter?

    private var store: any ObjectStore { repository.store }

    /// - Parameters:
    ///   - repository: The repository.
    ///   - lock: Its writer's lock, held by the caller.
    ///   - damaged: Packs known to be damaged: they are not read, and removed when their chunks are elsewhere.
    ///   - gracePeriod: How long an unneeded object stays, in seconds.
    ///   - patience: How long to wait for readers before the sweep is put off.
    ///   - now: The time.
    ///   - cancellation: Ends the work between two steps.
    ///   - progress: Told how far it is.
    package init(
        _ repository: Repository,
        lock: RepositoryLock,
        damaged: Set<Digest> = [],
        gracePeriod: Int64 = 86_400,
        patience: Duration = .seconds(10),
        now: UTCTime = .now,
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil
    ) {
        self.repository = repository
        self.lock = lock
        self.damaged = damaged
        self.gracePeriod = gracePeriod
        self.patience = patience
        self.now = now
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Finds out what is needed and changes nothing.
    ///
    /// - Throws: ``RepositoryError``: `damaged` when what a backup needs can't be known; `CancellationError`.
    package func plan() throws -> CollectionPlan {
        try survey().plan
    }

    /// Removes what earlier tombstones name and is still not needed, moves chunks out of sparse packs, and names what is
    /// not needed in a tombstone. A disk too full for the latter is a note.
    ///
    /// - Throws: ``RepositoryError``: `damaged` when what a backup needs can't be known; `CancellationError`.
    package func run() throws -> CollectionReport {
        guard lock.mode == .writing else {
            throw RepositoryError(.invalidArgument, "garbage collection needs the writer's lock")
        }
        let survey = try survey()
        var report = CollectionReport(plan: survey.plan)
        try sweep(survey, &report)
        do {
            try bury(survey, &report)
        } catch let error as RepositoryError where error.kind == .diskFull {
            // What was swept is gone all the same; the rest waits for a run that finds space.
            report.notes.append("nothing more was marked for removal: \(error.message)")
        }
        return report
    }

    /// What is there and what of it is needed.
    private struct Survey {
        var plan = CollectionPlan()
        var needs: Needs
        var index: ConsolidatedIndex
        var live: Bitmap?
        /// By pack number of the index.
        var usage: [PackUsage] = []
        var tombstones: [String: Tombstone]
        var brokenTombstones: [String]
    }

    private func survey() throws -> Survey {
        progress?.enter("reading indexes")
        let (tombstones, broken) = try Tombstone.readAll(in: repository)
        let buried = Set(tombstones.values.flatMap(\.objects))
        let buriedPacks = Set(buried.compactMap { ObjectKind(name: $0) == .pack ? ObjectName.digest(of: $0) : nil })
        let index = try ConsolidatedIndex(
            of: store,
            folder: repository.temporaryFolder(),
            cancellation: cancellation
        )
        var survey = Survey(
            needs: try Needs(of: repository),
            index: index,
            tombstones: tombstones,
            brokenTombstones: broken
        )
        if let file = index.file {
            let marker = try mark(survey.needs, file, avoiding: buriedPacks.union(damaged), index)
            survey.live = marker.live
            survey.usage = try PackUsage.count(file, live: marker.live)
            survey.plan.missingChunks = marker.missing
        } else if !survey.needs.manifests.isEmpty {
            throw RepositoryError(
                .damaged,
                "nothing was removed: there are backups but no packs",
                hint: "Run 'recyclicctl verify all'."
            )
        }
        for usage in survey.usage {
            let name = ObjectName.pack(usage.pack.digest)
            let bytes = index.packs[usage.pack.digest] ?? 0
            survey.plan.storedBytes += bytes
            survey.plan.liveBytes += usage.liveBytes
            if buried.contains(name) { continue }
            switch usage.verdict {
            case .dead: survey.plan.dead.append(ListedObject(name: name, size: bytes))
            case .sparse where !damaged.contains(usage.pack.digest):
                survey.plan.sparse.append(ListedObject(name: name, size: bytes))
            case .sparse, .kept: break
            }
        }
        try store.list(ObjectName.clusters) { object in
            if !buried.contains(object.name) && !survey.needs.needs(object.name) { survey.plan.dead.append(object) }
        }
        return survey
    }

    private func mark(
        _ needs: Needs,
        _ file: IndexFile,
        avoiding: Set<Digest>,
        _ index: ConsolidatedIndex
    ) throws -> LiveMarker {
        progress?.enter("marking", filesTotal: Int64(needs.manifests.count))
        var marker = LiveMarker(index: file, avoiding: avoiding)
        var walker = BackupWalker(source: try index.reader(of: store))
        for name in needs.manifests {
            let root = try repository.manifest(object: name).table.root
            _ = try walker.walk(root: root, &marker) { try cancellation?.check() }
            progress?.advance(files: 1)
        }
        return marker
    }

    /// Moves chunks out of sparse packs, then writes the tombstone.
    private func bury(_ survey: Survey, _ report: inout CollectionReport) throws {
        var objects = survey.plan.dead
        if let file = survey.index.file, let live = survey.live, !survey.plan.sparse.isEmpty {
            progress?.enter("moving chunks", filesTotal: Int64(survey.plan.sparse.count))
            let sparse = Dictionary(survey.plan.sparse.map { ($0.name, $0) }) { first, _ in first }
            let repacker = Repacker(store: store, index: file, live: live)
            for (number, usage) in survey.usage.enumerated() {
                guard let object = sparse[ObjectName.pack(usage.pack.digest)] else { continue }
                do {
                    try repacker.move(usage.pack.digest, number: number, cancellation: cancellation)
                    objects.append(object)
                } catch let error as RepositoryError where error.kind == .damaged {
                    report.notes.append("\(error.message); it stays until verify has seen it")
                }
                progress?.advance(bytes: object.size, files: 1)
            }
            // The copies are durable and indexed before the tombstone takes the originals away.
            try repacker.finish()
            report.writtenPacks = repacker.writtenPacks
            report.writtenBytes = repacker.writtenBytes
        }
        guard !objects.isEmpty else { return }
        try cancellation?.check()
        let tombstone = Tombstone(at: now, objects: objects.map(\.name).sorted(), reason: "no backup needs them")
        let bytes = try RepositoryJSON.encode(tombstone)
        try store.put(bytes: bytes, as: ObjectName.tombstone(at: now, Digest(hashing: bytes)))
        report.buriedObjects = objects.count
        report.buriedBytes = objects.reduce(0) { $0 + $1.size }
    }

    /// Removes what old tombstones name, and merges the indexes.
    private func sweep(_ survey: Survey, _ report: inout CollectionReport) throws {
        let ripe = survey.tombstones.filter { $0.value.at.adding(seconds: gracePeriod) <= now }
        let indexCount = try store.names(ObjectName.indexes).count
        let hasWork =
            !ripe.isEmpty || !survey.brokenTombstones.isEmpty || !survey.index.damagedIndexes.isEmpty
            || indexCount > Self.mostIndexes
        guard hasWork else { return }
        progress?.enter("sweeping", filesTotal: Int64(ripe.values.reduce(0) { $0 + $1.objects.count }))
        do {
            try lock.beginSweep(patience: patience, cancellation: cancellation)
        } catch let error as RepositoryError where error.kind == .repositoryLocked {
            report.isSweepPutOff = true
            report.notes.append(error.message)
            return
        }
        defer { lock.endSweep() }
        let objects = removable(ripe, survey)
        let packs = Set(objects.compactMap { ObjectKind(name: $0) == .pack ? ObjectName.digest(of: $0) : nil })
        try rewriteIndexes(without: packs, survey)
        for object in objects {
            try cancellation?.check()
            let size = (try? store.size(of: object)) ?? 0
            try store.delete(object)
            report.sweptObjects += 1
            report.sweptBytes += size
            progress?.advance(bytes: size, files: 1)
        }
        for name in ripe.keys.sorted() + survey.brokenTombstones { try store.delete(name) }
    }

    /// The objects of ripe tombstones that are still not needed, in the order in which they may go: a manifest goes
    /// before what it needs, and before the mark that says it is deleted.
    private func removable(_ ripe: [String: Tombstone], _ survey: Survey) -> [String] {
        let neededPacks = Set(survey.usage.filter { $0.liveBytes > 0 }.map { ObjectName.pack($0.pack.digest) })
        let named = Set(ripe.values.flatMap(\.objects))
        let order: [ObjectKind] = [.manifest, .wal, .pack, .mark]
        let goingManifests = Set(named.filter { ObjectKind(name: $0) == .manifest }.compactMap(ObjectName.digest(of:)))
        return order.flatMap { kind in
            named.sorted().filter { name in
                guard ObjectKind(name: name) == kind else { return false }
                switch kind {
                case .pack: return !neededPacks.contains(name)
                case .mark: return survey.needs.mayRemoveMark(name, afterManifests: goingManifests)
                default: return !survey.needs.needs(name)
                }
            }
        }
    }

    /// Writes one index of all that stays, then deletes the others.
    private func rewriteIndexes(without packs: Set<Digest>, _ survey: Survey) throws {
        var files = try store.names(ObjectName.indexes)
            .filter { ObjectKind(name: $0) == .index && survey.index.damagedIndexes[$0] == nil }
            .map { try IndexFile(store.open($0)) }
        // Packs that no sound index named are in the consolidated one.
        if let file = survey.index.file, !survey.index.unindexed.isEmpty { files.append(file) }
        let kept = try IndexMerger(files, dropping: packs.union(survey.index.missing), in: store).run()
        for name in try store.names(ObjectName.indexes) where name != kept {
            try cancellation?.check()
            try store.delete(name)
        }
    }
}
