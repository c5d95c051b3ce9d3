package import Blocking

/// Removes what no backup needs, in two steps a grace period apart, and moves what is needed out of mostly dead packs.
///
/// What was named a grace period ago goes first, and of that what needs no new index before it goes, so that a full disk gets
/// space before anything large is written to it.
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
    private let reserve: Int64
    private let spareFolder: String?
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
    ///   - reserve: How many bytes must stay free on the repository's disk: chunks are moved only as far as that allows.
    ///   - spareFolder: Where the scratch index goes when the repository's disk has no room for it.
    ///   - now: The time.
    ///   - cancellation: Ends the work between two steps.
    ///   - progress: Told how far it is.
    package init(
        _ repository: Repository,
        lock: RepositoryLock,
        damaged: Set<Digest> = [],
        gracePeriod: Int64 = 86_400,
        patience: Duration = .seconds(10),
        reserve: Int64 = 0,
        spareFolder: String? = nil,
        now: UTCTime = .now,
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil
    ) {
        self.repository = repository
        self.lock = lock
        self.damaged = damaged
        self.gracePeriod = gracePeriod
        self.patience = patience
        self.reserve = reserve
        self.spareFolder = spareFolder
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

    /// Deletes backups, removes what earlier tombstones name and is still not needed, moves chunks out of sparse packs, and
    /// names what is not needed in a tombstone. A disk too full for any of this is a note.
    ///
    /// - Parameters:
    ///   - doomed: The backups to delete. On a full disk that is tried again after the sweep, and then what they needed is
    ///     named by the next run.
    ///   - author: Who asks for that.
    /// - Throws: ``RepositoryError``: `damaged` when what a backup needs can't be known; `CancellationError`.
    package func run(deleting doomed: [BackupSummary] = [], by author: String = "retention") throws -> CollectionReport
    {
        guard lock.mode == .writing else {
            throw RepositoryError(.invalidArgument, "garbage collection needs the writer's lock")
        }
        var waiting = doomed[...]
        do {
            try delete(&waiting, by: author)
        } catch let error as RepositoryError where error.kind == .diskFull {}
        let survey = try survey()
        var report = CollectionReport(plan: survey.plan)
        try sweep(survey, &report)
        do {
            try delete(&waiting, by: author)
        } catch let error as RepositoryError where error.kind == .diskFull {
            report.notes.append("\(waiting.count) backups were not deleted: \(error.message)")
        }
        report.deletedBackups = doomed.dropLast(waiting.count).map(\.id)
        do {
            try bury(survey, &report)
        } catch let error as RepositoryError where error.kind == .diskFull {
            // What was swept is gone all the same; the rest waits for a run that finds space.
            report.notes.append("nothing more was marked for removal: \(error.message)")
        }
        return report
    }

    /// Marks backups as deleted, and takes those that are from the list.
    private func delete(_ backups: inout ArraySlice<BackupSummary>, by author: String) throws {
        while let backup = backups.first {
            try cancellation?.check()
            try repository.addMark(.delete, to: backup, by: author)
            backups.removeFirst()
        }
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
        let index = try consolidatedIndex()
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

    private func consolidatedIndex() throws -> ConsolidatedIndex {
        do {
            let folder = try repository.temporaryFolder()
            return try ConsolidatedIndex(of: store, folder: folder, cancellation: cancellation)
        } catch let error as RepositoryError where error.kind == .diskFull {
            guard let spareFolder else { throw error }
            return try ConsolidatedIndex(of: store, folder: spareFolder, cancellation: cancellation)
        }
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
        do {
            objects += try moveChunks(survey, &report)
        } catch let error as RepositoryError where error.kind == .diskFull {
            // What nothing needs can be named all the same: that is how space comes back.
            report.notes.append("chunks that are needed were not moved out of mostly dead packs: \(error.message)")
        }
        guard !objects.isEmpty else { return }
        try cancellation?.check()
        let tombstone = Tombstone(at: now, objects: objects.map(\.name).sorted(), reason: "no backup needs them")
        let bytes = try RepositoryJSON.encode(tombstone)
        try store.put(bytes: bytes, as: ObjectName.tombstone(at: now, Digest(hashing: bytes)))
        report.buriedObjects = objects.count
        report.buriedBytes = objects.reduce(0) { $0 + $1.size }
    }

    /// Copies what is needed out of sparse packs, as far as the reserve allows.
    ///
    /// - Returns: The packs that nothing needs any more.
    private func moveChunks(_ survey: Survey, _ report: inout CollectionReport) throws -> [ListedObject] {
        guard let file = survey.index.file, let live = survey.live, !survey.plan.sparse.isEmpty else { return [] }
        progress?.enter("moving chunks", filesTotal: Int64(survey.plan.sparse.count))
        let sparse = Dictionary(survey.plan.sparse.map { ($0.name, $0) }) { first, _ in first }
        let repacker = Repacker(store: store, index: file, live: live)
        var moved: [ListedObject] = []
        for (number, usage) in survey.usage.enumerated() {
            guard let object = sparse[ObjectName.pack(usage.pack.digest)] else { continue }
            do {
                try repository.checkSpace(reserve: reserve, adding: usage.liveBytes)
            } catch let error as RepositoryError where error.kind == .diskFull {
                report.notes.append("no more chunks were moved out of mostly dead packs: \(error.message)")
                break
            }
            do {
                try repacker.move(usage.pack.digest, number: number, cancellation: cancellation)
                moved.append(object)
            } catch let error as RepositoryError where error.kind == .damaged {
                report.notes.append("\(error.message); it stays until verify has seen it")
            }
            progress?.advance(bytes: object.size, files: 1)
        }
        // The copies are durable and indexed before the tombstone takes the originals away.
        try repacker.finish()
        report.writtenPacks = repacker.writtenPacks
        report.writtenBytes = repacker.writtenBytes
        return moved
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
        // No index names manifests and WAL, so a full disk gets their space before an index is written to it.
        try remove(objects.filter { [.manifest, .wal].contains(ObjectKind(name: $0)) }, &report)
        do {
            try rewriteIndexes(without: packs, survey)
        } catch let error as RepositoryError where error.kind == .diskFull {
            report.notes.append("no packs were removed, for the index without them needs space first: \(error.message)")
            return
        }
        try remove(objects.filter { ![.manifest, .wal].contains(ObjectKind(name: $0)) }, &report)
        for name in ripe.keys.sorted() + survey.brokenTombstones { try store.delete(name) }
    }

    private func remove(_ objects: [String], _ report: inout CollectionReport) throws {
        for object in objects {
            try cancellation?.check()
            // A run that was cut short may have removed it.
            guard try store.exists(object) else { continue }
            let size = (try? store.size(of: object)) ?? 0
            try store.delete(object)
            report.sweptObjects += 1
            report.sweptBytes += size
            progress?.advance(bytes: size, files: 1)
        }
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
