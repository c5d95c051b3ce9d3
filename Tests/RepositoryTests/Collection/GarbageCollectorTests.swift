import Blocking
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct GarbageCollectorTests {
    /// A repository of some days of which the first ones are deleted.
    private func aged(codec: Codec = .zstd, days: Int = 5, deleted: Range<Int> = 0..<3) throws -> TestBackups {
        let backups = try TestBackups(codec: codec)
        var database = ChangingFiles(seed: 7)
        var before: [String: [UInt8]] = [:]
        var made: [BackupSummary] = []
        for day in 0..<days {
            made.append(
                try backups.add(day: day, database.files, deltasFrom: codec == .zstd ? before : [:])
            )
            before = database.files
            database.advance()
        }
        for day in deleted { try backups.delete(made[day], day: days) }
        return backups
    }

    private func storedBytes(_ backups: TestBackups) throws -> Int64 {
        var bytes: Int64 = 0
        try backups.store.list("packs/") { bytes += $0.size }
        return bytes
    }

    @Test func nothingIsRemovedWhileEverythingIsNeeded() throws {
        let backups = try aged(deleted: 0..<0)
        let report = try backups.collect(day: 5)
        #expect(report.buriedObjects == 0 && report.sweptObjects == 0 && report.writtenPacks == 0)
        #expect(report.plan.missingChunks == 0)
        #expect(try backups.store.names("tombstones/").isEmpty)
        #expect(try backups.verify().isGood)
    }

    @Test(arguments: Codec.allCases)
    func whatOnlyADeletedBackupNeededGoesAfterTheGracePeriod(codec: Codec) throws {
        let backups = try aged(codec: codec)
        let before = try storedBytes(backups)
        let first = try backups.collect(day: 6)
        #expect(first.buriedObjects > 0 && first.sweptObjects == 0)
        #expect(try backups.verify().isGood)
        #expect(try backups.allRestore())
        let early = try backups.collect(day: 6)
        #expect(early.buriedObjects == 0 && early.sweptObjects == 0)
        let second = try backups.collect(day: 7)
        #expect(second.sweptObjects == first.buriedObjects)
        #expect(try storedBytes(backups) < before)
        #expect(try backups.store.names("tombstones/").isEmpty)
        #expect(try backups.store.names("index/").count == 1)
        #expect(try backups.store.names("clusters/\(TestBackups.cluster)/backups/").count == 2)
        #expect(try backups.store.names("clusters/\(TestBackups.cluster)/wal/").count == 2)
        // The deletion of the third day's stays: the fourth day's manifest names it.
        #expect(try backups.store.names("clusters/\(TestBackups.cluster)/marks/").count == 1)
        let report = try backups.verify()
        #expect(report.isGood, "\(report)")
        #expect(report.backups.count == 2)
        #expect(try backups.allRestore())
        let third = try backups.collect(day: 8)
        #expect(third.buriedObjects == 0 && third.sweptObjects == 0)
    }

    @Test func everyBackupCanBeDeletedAlone() throws {
        for day in 0..<4 {
            let backups = try aged(days: 4, deleted: day..<day + 1)
            try backups.collect(day: 5)
            try backups.collect(day: 7)
            #expect(try backups.repository.backups().count == 3)
            let report = try backups.verify()
            #expect(report.isGood, "\(report)")
            #expect(try backups.allRestore())
        }
    }

    @Test func whenAllIsDeletedAllGoes() throws {
        let backups = try aged(days: 3, deleted: 0..<3)
        try backups.collect(day: 5)
        try backups.collect(day: 7)
        #expect(try backups.store.names("") == ["recyclic-repository.json"])
        #expect(try backups.verify().isGood)
        try backups.add(day: 8, ["a": [1, 2, 3]])
        #expect(try backups.verify().isGood && backups.allRestore())
    }

    @Test func dyingBetweenAnyTwoStepsLosesNothing() throws {
        // One run writes packs, an index and a tombstone; another, a day later, removes. Each dies at each change.
        var steps = 0
        var isDone = false
        while !isDone {
            let backups = try aged(days: 4, deleted: 0..<2)
            let dying = FaultInjectingStore(backups.store, dyingAfter: steps)
            do {
                let report = try backups.collect(day: 6, store: dying)
                #expect(report.writtenPacks > 0 && report.buriedObjects > 0)
                isDone = true
            } catch is RepositoryError {
            }
            try expectSound(backups, "after \(steps) changes of the first run")
            try backups.collect(day: 6)
            try backups.collect(day: 8)
            try expectSound(backups, "after the runs that followed \(steps) changes")
            #expect(try backups.store.names("tombstones/").isEmpty)
            steps += 1
        }
        #expect(steps > 3)
    }

    @Test func dyingWithinTheSweepLosesNothing() throws {
        var steps = 0
        var isDone = false
        while !isDone {
            let backups = try aged(days: 3, deleted: 0..<2)
            try backups.collect(day: 6)
            let dying = FaultInjectingStore(backups.store, dyingAfter: steps)
            do {
                try backups.collect(day: 8, store: dying)
                isDone = true
            } catch is RepositoryError {
            }
            try expectSound(backups, "after \(steps) changes of the sweep")
            // A backup taken now must not lean on packs that are half removed.
            if steps % 3 == 0 {
                var database = ChangingFiles(seed: 7)
                database.advance()
                try backups.add(day: 9, database.files)
                try expectSound(backups, "after a backup that followed \(steps) changes of the sweep")
            }
            try backups.collect(day: 10)
            try backups.collect(day: 12)
            try expectSound(backups, "after the runs that followed \(steps) changes of the sweep")
            #expect(try backups.store.names("tombstones/").isEmpty)
            steps += 1
        }
        #expect(steps > 6)
    }

    private func expectSound(_ backups: TestBackups, _ when: String) throws {
        let report = try backups.verify()
        #expect(report.isGood, "\(when): \(report.damaged) \(report.missing)")
        #expect(try backups.allRestore(), "\(when)")
    }

    @Test(arguments: ["packs/", "tombstones/"])
    func aFullDiskGetsTheSpaceOfWhatIsRipe(full: String) throws {
        let backups = try aged(days: 6, deleted: 0..<2)
        let first = try backups.collect(day: 7)
        // Something more to bury, chunks to move among it, and no space for it.
        for backup in try backups.repository.backups().prefix(2) { try backups.delete(backup.summary, day: 8) }
        let store = FaultInjectingStore(backups.store)
        store.fillDisk(for: full)
        let second = try backups.collect(day: 9, store: store)
        #expect(second.sweptObjects == first.buriedObjects)
        // What needs no moving is named for removal even so.
        #expect((second.buriedObjects > 0) == (full == "packs/") && (second.writtenPacks == 0) == (full == "packs/"))
        #expect(second.notes.contains { $0.contains("No space left") }, "\(second.notes)")
        try expectSound(backups, "after the full disk")
        #expect(try backups.collect(day: 10).buriedObjects > 0)
        try backups.collect(day: 12)
        try expectSound(backups, "after the runs with space")
    }

    @Test func `a disk without any space gets that of WAL first, then an index and the marks of deletions`() throws {
        let backups = try aged(days: 6, deleted: 0..<2)
        let first = try backups.collect(day: 7)
        let doomed = try backups.repository.backups().prefix(2).map(\.summary)
        let store = FaultInjectingStore(backups.store)
        store.fillDisk(for: "", untilRemovalOf: "clusters/\(TestBackups.cluster)/wal/")
        let second = try backups.collect(day: 9, store: store, deleting: doomed)
        #expect(second.sweptObjects == first.buriedObjects)
        #expect(second.deletedBackups == doomed.map(\.id) && second.notes.isEmpty, "\(second.notes)")
        #expect(try backups.repository.backups().count == 2)
        try expectSound(backups, "after the full disk")
    }

    @Test func `packs wait for a disk that has room for the index without them`() throws {
        let backups = try aged(days: 6, deleted: 0..<2)
        let first = try backups.collect(day: 7)
        let doomed = try backups.repository.backups().prefix(1).map(\.summary)
        let store = FaultInjectingStore(backups.store)
        store.fillDisk(for: "")
        let second = try backups.collect(day: 9, store: store, deleting: doomed)
        #expect(second.sweptObjects == 4, "the manifests and the WAL of two backups: \(second)")
        #expect(second.deletedBackups.isEmpty && second.notes.count > 1, "\(second.notes)")
        try expectSound(backups, "after the full disk")
        let third = try backups.collect(day: 10, deleting: doomed)
        #expect(second.sweptObjects + third.sweptObjects == first.buriedObjects)
        #expect(third.deletedBackups == doomed.map(\.id))
        try expectSound(backups, "after the run with space")
    }

    @Test func `no chunk is moved into the reserve, and what is dead is named all the same`() throws {
        let backups = try aged()
        let report = try backups.collect(day: 6, reserve: .max / 2)
        #expect(!report.plan.sparse.isEmpty && report.writtenPacks == 0)
        #expect(report.buriedObjects == report.plan.dead.count && report.buriedObjects > 0)
        #expect(report.notes.contains { $0.contains("must stay free") }, "\(report.notes)")
        try backups.collect(day: 8)
        try expectSound(backups, "after a run with space")
        #expect(try backups.collect(day: 9).plan.sparse.isEmpty)
    }

    @Test func readersPutTheSweepOff() throws {
        let backups = try aged()
        let first = try backups.collect(day: 6)
        let reader = try backups.repository.lockForReading()
        let second = try backups.collect(day: 8)
        #expect(second.isSweepPutOff && second.sweptObjects == 0)
        reader.release()
        #expect(try backups.collect(day: 8).sweptObjects == first.buriedObjects)
    }

    @Test func aTombstonedChunkIsStoredAgain() throws {
        let backups = try TestBackups()
        let database = ChangingFiles(seed: 3)
        let first = try backups.add(day: 0, database.files)
        try backups.delete(first, day: 0)
        try backups.collect(day: 0)
        try backups.add(day: 1, database.files)
        try backups.collect(day: 2)
        #expect(try backups.verify().isGood && backups.allRestore())
        #expect(try backups.repository.backups().count == 1)
    }

    @Test func anObjectThatIsNeededAgainIsKept() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ChangingFiles(seed: 3).files)
        // A tombstone that names everything, as a bug or a crash might leave it.
        let all = try backups.store.names("packs/") + backups.store.names("clusters/")
        let bytes = try RepositoryJSON.encode(Tombstone(at: TestBackups.time(0), objects: all, reason: "test"))
        try backups.store.put(
            bytes: bytes,
            as: ObjectName.tombstone(at: TestBackups.time(0), Digest(hashing: bytes))
        )
        #expect(try backups.collect(day: 2).sweptObjects == 0)
        #expect(try backups.restore(made.object) == backups.contents[made.id])
        #expect(try backups.verify().isGood)
    }

    @Test func nothingIsRemovedWhenAManifestIsDamaged() throws {
        let backups = try aged()
        let manifests = try backups.store.names("clusters/\(TestBackups.cluster)/backups/")
        let file = "\(backups.path)/\(manifests[4])"
        try writeFile(file, Array(readFile(file).dropLast(5)))
        let error = #expect(throws: RepositoryError.self) { try backups.collect(day: 6) }
        #expect(error?.kind == .damaged)
        #expect(error?.message.contains("nothing was removed") == true)
        // Deleting the damaged backup lets the others go on.
        let summary = BackupSummary(
            try backups.repository.manifest(object: manifests[3]),
            object: manifests[4]
        )
        try backups.repository.addMark(.delete, to: summary, by: "test", at: TestBackups.time(6))
        try backups.collect(day: 6)
        try backups.collect(day: 8)
        #expect(try backups.repository.backups().count == 1)
        #expect(try backups.allRestore())
    }

    @Test func `nothing is removed while a manifest is gone, until its backup is given up or copied back`() throws {
        let backups = try aged(days: 4, deleted: 3..<4)
        let made = try backups.repository.backups().map(\.summary)
        let names = try backups.store.names("")
        let bytes = try readFile("\(backups.path)/\(made[1].object)")
        #expect(unlink("\(backups.path)/\(made[1].object)") == 0)
        let error = #expect(throws: RepositoryError.self) { try backups.collect(day: 6) }
        #expect(error?.kind == .damaged)
        #expect(error?.message.contains("'\(made[1].object)' is gone") == true, "\(error?.message ?? "")")
        try writeFile("\(backups.path)/\(made[1].object)", bytes)
        #expect(try backups.store.names("") == names)
        #expect(try backups.collect(day: 6).buriedObjects > 0)
        #expect(unlink("\(backups.path)/\(made[1].object)") == 0)
        let left = try backups.repository.listing().resolveWhatIsLeft(of: "\(made[1].id)")
        try backups.delete(left.summary, day: 7)
        try backups.collect(day: 7)
        try backups.collect(day: 9)
        #expect(try backups.repository.backups().count == 2)
        try expectSound(backups, "after its backup was given up")
    }

    @Test func `a deletion outlives every manifest that names the deleted one, so that none looks lost`() throws {
        let backups = try TestBackups()
        let first = try backups.add(day: 0, ["a": [1]])
        try backups.delete(first, day: 1)
        try backups.collect(day: 1)
        // Named by a backup that was taken before the sweep and deleted right after.
        let second = try backups.add(day: 1, ["a": [2]])
        #expect(second.previous == ObjectName.file(of: first.object))
        try backups.add(day: 5, ["a": [3]])
        try backups.delete(second, day: 1)
        let lock = try backups.repository.lockForWriting()
        _ = try GarbageCollector(backups.repository, lock: lock, now: TestBackups.time(1).adding(seconds: 43_200)).run()
        lock.release()
        try backups.collect(day: 2)
        #expect(try backups.repository.listing().lost.isEmpty)
        for day in 3...6 { try backups.collect(day: day) }
        #expect(try backups.store.names("clusters/\(TestBackups.cluster)/marks/").count == 1)
        try expectSound(backups, "after all sweeps")
    }

    @Test func aRottenSparsePackIsNotCopied() throws {
        let backups = try aged()
        let lock = try backups.repository.lockForWriting()
        let plan = try GarbageCollector(backups.repository, lock: lock, now: TestBackups.time(6)).plan()
        lock.release()
        let sparse = try #require(plan.sparse.first)
        let file = "\(backups.path)/\(sparse.name)"
        var bytes = try readFile(file)
        bytes[bytes.count - 30] ^= 1
        try writeFile(file, bytes)
        let report = try backups.collect(day: 6)
        #expect(report.notes.contains { $0.contains(sparse.name) })
        try backups.collect(day: 8)
        #expect(try backups.store.exists(sparse.name))
    }

    @Test func itIsCancelled() throws {
        let backups = try aged()
        let lock = try backups.repository.lockForWriting()
        let flag = CancellationFlag()
        flag.cancel()
        #expect(throws: CancellationError.self) {
            try GarbageCollector(backups.repository, lock: lock, cancellation: flag).run()
        }
        lock.release()
        #expect(try backups.verify().isGood)
    }

    @Test func itNeedsTheWritersLock() throws {
        let backups = try aged(days: 1, deleted: 0..<0)
        let lock = try backups.repository.lockForReading()
        #expect(throws: RepositoryError.self) { try GarbageCollector(backups.repository, lock: lock).run() }
        lock.release()
    }

    @Test func indexesAreRebuiltFromThePacks() throws {
        let backups = try aged(deleted: 0..<0)
        for (number, name) in try backups.store.names("index/").enumerated() {
            if number == 0 {
                try writeFile("\(backups.path)/\(name)", [1, 2, 3])
            } else {
                #expect(unlink("\(backups.path)/\(name)") == 0)
            }
        }
        let damaged = try backups.verify()
        #expect(damaged.damaged.count == 1 && damaged.damaged[0].isMendable)
        #expect(damaged.missing.isEmpty && damaged.damaged[0].affects.isEmpty)
        let lock = try backups.repository.lockForWriting()
        #expect(try IndexRebuilder(backups.repository, lock: lock).run() > 5)
        #expect(try IndexRebuilder(backups.repository, lock: lock).run() == 0)
        lock.release()
        #expect(try backups.store.names("index/").count == 1)
        #expect(try backups.verify().isGood && backups.allRestore())
    }
}
