import Blocking
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Repository

/// Each way in which an object can be damaged.
enum Damage: String, CaseIterable {
    case flipped, truncated, empty, missing, unreadable
}

@Suite struct VerifierTests {
    /// Three days with deltas and lists; the files of the last day are listed by PostgreSQL's manifest too.
    private static func build(codec: Codec = .zstd) throws -> TestBackups {
        let backups = try TestBackups(codec: codec)
        var database = ChangingFiles(seed: 11)
        var before: [String: [UInt8]] = [:]
        for day in 0..<3 {
            try backups.add(
                day: day,
                database.files,
                deltasFrom: codec == .zstd ? before : [:],
                serverManifest: serverManifest(database.files)
            )
            before = database.files
            database.advance()
        }
        let first = try #require(backups.repository.backups().first)
        try backups.repository.addMark(.pin, to: first.summary, by: "test", at: TestBackups.time(3))
        let bytes = try RepositoryJSON.encode(Tombstone(at: TestBackups.time(3), objects: [], reason: "test"))
        try backups.store.put(bytes: bytes, as: ObjectName.tombstone(at: TestBackups.time(3), Digest(hashing: bytes)))
        return backups
    }

    /// The list as PostgreSQL writes it.
    private static func serverManifest(_ files: [String: [UInt8]], wrong: String? = nil) -> String {
        let lines = files.map { path, bytes in
            let sum = bytes.withUnsafeBytes { CRC32C(of: $0).value } ^ (path == wrong ? 1 : 0)
            let hex = withUnsafeBytes(of: sum.littleEndian) { bytes in
                bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            }
            return #"{ "Path": "\#(path)", "Size": \#(bytes.count), "Last-Modified": "2026-11-22 02:00:00 GMT", "#
                + #""Checksum-Algorithm": "CRC32C", "Checksum": "\#(hex)" }"#
        }
        return "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n" + lines.joined(separator: ",\n")
            + "\n],\n\"WAL-Ranges\": [\n{ \"Timeline\": 1, \"Start-LSN\": \"0/2000028\", \"End-LSN\": \"0/2000100\" }\n],\n"
            + "\"Manifest-Checksum\": \"00\"}\n"
    }

    private func damage(_ name: String, _ damage: Damage, of backups: TestBackups) throws -> (any ObjectStore)? {
        let file = "\(backups.path)/\(name)"
        var bytes = try readFile(file)
        switch damage {
        case .flipped:
            bytes[bytes.count / 3] ^= 0x10
            try writeFile(file, bytes)
        case .truncated: try writeFile(file, Array(bytes.dropLast(bytes.count / 2 + 1)))
        case .empty: try writeFile(file, [])
        case .missing: #expect(unlink(file) == 0)
        case .unreadable:
            let store = FaultInjectingStore(backups.store)
            store.fail(name, with: RepositoryError(errno: EACCES, "open", path: file))
            return store
        }
        return nil
    }

    @Test(arguments: Codec.allCases)
    func aWholeRepositoryIsGood(codec: Codec) throws {
        let backups = try Self.build(codec: codec)
        for isFull in [true, false] {
            let report = try backups.verify(full: isFull)
            #expect(report.isGood, "\(report.damaged) \(report.missing)")
            #expect(report.notes.isEmpty)
            #expect(report.backups.count == 3 && report.skippedObjects == 0)
            var count: Int64 = 0
            try backups.store.list("") { _ in count += 1 }
            #expect(report.checkedObjects == count)
        }
    }

    @Test(arguments: [PackKind.data, .delta, .list], Damage.allCases)
    func aDamagedPackAndTheBackupsItAffectsAreNamed(kind: PackKind, damage: Damage) throws {
        for isFull in [true, false] {
            let backups = try Self.build()
            let packs = try backups.store.names("packs/").filter {
                try PackDirectory.read(backups.store.open($0)).kind == kind
            }
            let name = try #require(packs.sorted().first)
            let used = try PackDirectory.read(backups.store.open(name)).entries
            let store = try self.damage(name, damage, of: backups)
            let report = try backups.verify(full: isFull, store: store)
            let found = damage == .missing ? report.missing : report.damaged
            #expect(found.contains { $0.name == name }, "\(report)")
            #expect(!report.isGood && !report.affectedBackups.isEmpty)
            #expect(!used.isEmpty)
            // Exactly the backups that don't restore are named.
            if store == nil {
                for backup in try backups.repository.backups() {
                    let isWhole = (try? backups.restore(backup.summary.object)) == backups.contents[backup.id]
                    #expect(isWhole != report.affectedBackups.contains(backup.id), "\(backup.id) \(kind) \(damage)")
                }
            }
            if damage != .missing { #expect(report.damagedPacks == [try #require(ObjectName.digest(of: name))]) }
        }
    }

    @Test func aWrongBaseIsBlamedRatherThanItsDeltas() throws {
        let backups = try TestBackups()
        var generator = SeededGenerator(seed: 21)
        let first = ["base/5/1": generator.text(2_000)]
        let second = first.mapValues { Array($0.dropLast()) + [7] }
        try backups.add(day: 0, first)
        try backups.add(day: 1, second, deltasFrom: first)
        let packs = try ChunkIndex(store: backups.store).packs
        #expect(packs.contains { $0.kind == .delta })
        let forged = try backups.forge(try #require(packs.first { $0.kind == .data }).digest)
        let report = try backups.verify()
        #expect(report.damagedPacks == [forged], "\(report)")
        #expect(report.affectedBackups.count == 2)
    }

    @Test(arguments: ["index/", "manifest", "mark", "wal", "tombstones/"], Damage.allCases)
    func anyDamagedObjectIsNamed(prefix: String, damage: Damage) throws {
        let backups = try Self.build()
        let name = try #require(
            backups.store.names("").first { $0.hasPrefix(prefix) || ObjectKind(name: $0).rawValue == prefix }
        )
        let kind = ObjectKind(name: name)
        let store = try self.damage(name, damage, of: backups)
        let report = try backups.verify(store: store)
        switch (kind, damage) {
        case (.index, .missing):
            // Its packs tell as much.
            #expect(report.isGood && report.notes.count == 1)
        case (.mark, .missing), (.tombstone, .missing):
            #expect(report.isGood, "nothing names it")
        case (.manifest, .missing), (.wal, .missing):
            #expect(report.missing.contains { $0.name == name && $0.affects.count == 1 }, "\(report)")
        default:
            let found = try #require(report.damaged.first { $0.name == name }, "\(report)")
            #expect(found.affects.count == (kind == .manifest || kind == .wal ? 1 : 0))
            #expect(found.isMendable == (kind == .index || kind == .tombstone))
        }
    }

    @Test(arguments: Damage.allCases)
    func aDamagedDescriptionIsNamed(damage: Damage) throws {
        let backups = try Self.build()
        let store = FaultInjectingStore(backups.store)
        let repository = try Repository.open(at: backups.path, store: store)
        _ = try self.damage(ObjectName.repository, damage, of: backups)
        if damage == .unreadable { store.fail(ObjectName.repository, with: .init(errno: EACCES, "open", path: "x")) }
        let report = try Verifier(repository, options: VerifyOptions(scratchFolder: backups.folder.path)).run()
        #expect((report.damaged + report.missing).map(\.name) == [ObjectName.repository])
    }

    @Test func oneBackupIsVerifiedAlone() throws {
        let backups = try Self.build()
        let all = try backups.repository.backups().map(\.summary)
        let newest = try #require(all.last)
        let report = try backups.verify(backups: [newest])
        #expect(report.isGood && report.backups == [newest.id])
        // Damage that only the oldest backup's WAL has does not concern the newest.
        let wal = try #require(backups.repository.manifest(object: all[0].object).walObjectNames.first)
        try writeFile("\(backups.path)/\(wal)", [1])
        #expect(try backups.verify(backups: [newest]).isGood)
        #expect(try backups.verify(backups: [all[0]]).affectedBackups == [all[0].id])
        #expect(try backups.verify().affectedBackups == [all[0].id])
    }

    @Test func whatWasVerifiedIsNotReadAgain() throws {
        let backups = try Self.build()
        let known = Mutex<[String: Int64]>([:])
        func run(full: Bool) throws -> VerifyReport {
            try Verifier(
                backups.repository,
                options: VerifyOptions(
                    isFull: full,
                    scratchFolder: backups.folder.path,
                    verifiedSize: { name in known.withLock { $0[name] } },
                    onVerified: { object in known.withLock { $0[object.name] = object.size } }
                )
            ).run()
        }
        #expect(try run(full: false).skippedObjects == 0)
        let packs = try backups.store.names("packs/")
        let again = try run(full: false)
        #expect(again.isGood && again.skippedObjects == Int64(packs.count) + 3)
        // A changed size is noticed at once, a flipped bit by a full run.
        let file = "\(backups.path)/\(packs[0])"
        let bytes = try readFile(file)
        try writeFile(file, Array(bytes.dropLast()))
        #expect(try run(full: false).damaged.map(\.name) == [packs[0]])
        var flipped = bytes
        flipped[bytes.count - 20] ^= 1
        try writeFile(file, flipped)
        #expect(try run(full: false).isGood)
        #expect(try run(full: true).damaged.map(\.name) == [packs[0]])
    }

    @Test func onlyDecodedPacksCountAsVerified() throws {
        let backups = try Self.build()
        let known = Mutex<[String: Int64]>([:])
        func run(_ decoding: VerifyOptions.Decoding) throws -> VerifyReport {
            try Verifier(
                backups.repository,
                options: VerifyOptions(
                    isFull: true,
                    decoding: decoding,
                    scratchFolder: backups.folder.path,
                    verifiedSize: { name in known.withLock { $0[name] } },
                    onVerified: { object in known.withLock { $0[object.name] = object.size } }
                )
            ).run()
        }
        func packs() -> Int { known.withLock { $0.keys.filter { ObjectKind(name: $0) == .pack }.count } }
        #expect(try run(.none).isGood && packs() == 0)
        #expect(try run(.unverified).isGood && packs() == backups.store.names("packs/").count)
        #expect(try run(.unverified).isGood)
    }

    @Test func aDamagedPackHealsWithTheNextBackup() throws {
        let backups = try Self.build()
        let name = try #require(backups.store.names("packs/").first)
        _ = try damage(name, .flipped, of: backups)
        let damaged = try backups.verify().damagedPacks
        #expect(!damaged.isEmpty)
        let newest = try #require(backups.repository.backups().last)
        for backup in try backups.repository.backups() {
            try backups.add(
                day: 10 + Int(backup.id.startedAt.secondsSinceEpoch / 86_400 % 10),
                try #require(backups.contents[backup.id]),
                excluding: damaged
            )
        }
        let report = try backups.verify()
        #expect(report.affectedBackups.isEmpty, "\(report)")
        #expect(report.damagedPacks == damaged, "the file itself is still damaged")
        #expect(try backups.restore(newest.summary.object) == backups.contents[newest.id])
        // Garbage collection then takes the damaged pack away.
        try backups.collect(day: 30, damaged: damaged)
        try backups.collect(day: 32, damaged: damaged)
        #expect(try !backups.store.exists(name))
        #expect(try backups.verify().isGood && backups.allRestore())
    }

    @Test func wrongSumsInPostgresListAreFound() throws {
        let backups = try TestBackups()
        let files = ChangingFiles(seed: 5).files
        let made = try backups.add(day: 0, files, serverManifest: Self.serverManifest(files, wrong: "base/5/big"))
        let report = try backups.verify()
        #expect(report.damaged.map(\.name) == [made.object])
        #expect(report.damaged[0].reason.contains("base/5/big"))
        var more = files
        more["base/5/gone"] = [1]
        let second = try backups.add(day: 1, files, serverManifest: Self.serverManifest(more))
        let quick = try backups.verify(full: false, backups: [second])
        #expect(quick.damaged.map(\.name) == [second.object])
        #expect(quick.damaged[0].reason.contains("base/5/gone"))
    }

    @Test(arguments: Codec.allCases)
    func walThatIsNotWhatItsManifestSaysIsFound(codec: Codec) throws {
        let store = try InMemoryObjectStore()
        let frame = try FrameEncoder(codec: codec).frame(Array(repeating: 7, count: 600_000))
        let verifier = WALVerifier(store: store)
        for (bytes, length, isGood) in [
            (frame, 600_000, true), (frame, 600_001, false), (Array(frame.dropLast(3)), 600_000, false),
            (frame + [0], 600_000, false), (Array("plain".utf8), 5, false), ([], 0, false),
        ] as [([UInt8], Int64, Bool)] {
            let name = ObjectName.wal(cluster: "7", timeline: 1, history: [], file: "x", Digest(hashing: bytes))
            try store.delete(name)
            try store.put(bytes: bytes, as: name)
            let found: Bool
            do {
                try verifier.check(name, bytes: length, cancellation: nil)
                found = true
            } catch is RepositoryError {
                found = false
            }
            #expect(found == isGood, "\(bytes.count) bytes")
        }
    }

    @Test func aManifestTakenAwayIsMissed() throws {
        let backups = try Self.build()
        let all = try backups.repository.backups().map(\.summary)
        #expect(unlink("\(backups.path)/\(all[1].object)") == 0)
        #expect(try backups.verify().missing.map(\.name) == [all[1].object])
        let other = try Self.build()
        let same = try other.repository.backups().map(\.summary)
        try other.delete(same[1], day: 4)
        #expect(unlink("\(other.path)/\(same[1].object)") == 0)
        #expect(try other.verify().isGood, "a mark deleted it")
    }

    @Test func strangersAreNoted() throws {
        let backups = try Self.build()
        try writeFile("\(backups.path)/packs/notes.txt", [1])
        try writeFile("\(backups.path)/clusters/x", [1])
        let report = try backups.verify()
        #expect(report.isGood && report.notes.count == 2)
    }

    @Test func itIsCancelled() throws {
        let backups = try Self.build()
        let flag = CancellationFlag()
        flag.cancel()
        #expect(throws: CancellationError.self) {
            try Verifier(
                backups.repository,
                options: VerifyOptions(scratchFolder: backups.folder.path, cancellation: flag)
            ).run()
        }
    }

    @Test func anEmptyRepositoryIsGood() throws {
        let backups = try TestBackups()
        let report = try backups.verify()
        #expect(report.isGood && report.checkedObjects == 1 && report.backups.isEmpty)
    }

    @Test func `a damaged pack whose chunks were stored again says nothing against the backup that did so`() throws {
        // Which of two packs a chunk is looked up in first is chance.
        for _ in 0..<6 {
            let backups = try TestBackups()
            let files = ChangingFiles(seed: 3).files
            try backups.add(day: 0, files)
            let packs = try backups.store.names("packs/")
            for name in packs { _ = try damage(name, .flipped, of: backups) }
            let second = try backups.add(day: 1, files, excluding: Set(packs.compactMap { ObjectName.digest(of: $0) }))
            let damaged = Set(packs.compactMap { ObjectName.digest(of: $0) })
            let report = try backups.verify(backups: [second], damaged: damaged)
            #expect(report.isGood, "\(report.damaged)")
            #expect(try !backups.verify(backups: [second]).affectedBackups.contains(second.id))
            #expect(try backups.verify().damagedPacks == damaged)
        }
    }

    @Test
    func `damage that takes nothing from the backup asked for is told when it is new, with whom it takes it from`()
        throws
    {
        let backups = try TestBackups()
        var generator = SeededGenerator(seed: 5)
        let files = ["a": generator.text(2_000), "b": generator.text(2_000)]
        let first = try backups.add(day: 0, files)
        let second = try backups.add(day: 1, ["b": try #require(files["b"])])
        let lost = TestChunk(try #require(files["a"])).id
        let index = try ChunkIndex(store: backups.store)
        let pack = try #require(try index.lookup(lost)).pack
        let directory = try PackDirectory.read(pack, from: backups.store)
        let entry = try #require(directory.entries.first { $0.id == lost })
        let file = "\(backups.path)/\(ObjectName.pack(pack))"
        var bytes = try readFile(file)
        bytes[entry.offset + entry.storedBytes / 2] ^= 1
        try writeFile(file, bytes)
        let report = try backups.verify(backups: [second])
        #expect(report.backups == [second.id])
        #expect(report.damagedPacks == [pack] && report.affectedBackups == [first.id], "\(report)")
        let again = try backups.verify(backups: [second], damaged: [pack])
        #expect(again.isGood && again.notes.count == 1, "\(again)")
        #expect(try backups.verify(backups: [first], damaged: [pack]).affectedBackups == [first.id])
    }

    @Test func `a delta whose base is lost says nothing against a whole copy of its chunk`() throws {
        // In which order the copies are looked at is chance.
        for seed in 0..<8 as Range<UInt64> {
            let backups = try TestBackups()
            var generator = SeededGenerator(seed: seed)
            let old = ["base/5/1": generator.text(2_000)]
            let new = old.mapValues { Array($0.dropLast()) + [7] }
            try backups.add(day: 0, old)
            try backups.add(day: 1, new, deltasFrom: old)
            let packs = try ChunkIndex(store: backups.store).packs
            let delta = try #require(packs.first { $0.kind == .delta }).digest
            let base = try #require(packs.first { $0.kind == .data }).digest
            _ = try damage(ObjectName.pack(base), .empty, of: backups)
            let third = try backups.add(
                day: 2,
                new,
                excluding: [base, delta],
                serverManifest: Self.serverManifest(new)
            )
            let known = Mutex<Set<String>>([])
            let report = try Verifier(
                backups.repository,
                options: VerifyOptions(
                    isFull: true,
                    scratchFolder: backups.folder.path,
                    workers: 1,
                    onVerified: { object in known.withLock { _ = $0.insert(object.name) } }
                )
            ).run()
            #expect(report.damaged.map(\.name) == [ObjectName.pack(base)], "\(report)")
            #expect(!report.affectedBackups.contains(third.id))
            #expect(!known.withLock { $0.contains(ObjectName.pack(delta)) }, "not all of it was decoded")
        }
    }

    @Test func `a pack that is gone is named, and what it held is stored again`() throws {
        let scratch = try IngestScratch()
        var generator = SeededGenerator(seed: 9)
        let files = [("base/1", generator.bytes(700_000))]
        let first = try scratch.store(files)
        let index = try ChunkIndex(store: scratch.repository.store)
        let gone = try #require(index.packs.first { $0.kind == .data }).digest
        try scratch.repository.store.delete(ObjectName.pack(gone))
        let options = VerifyOptions(scratchFolder: scratch.folder.path)
        let report = try Verifier(scratch.repository, options: options).run()
        #expect(report.missing.map(\.name) == [ObjectName.pack(gone)], "\(report)")
        let second = try scratch.store(files, previous: first)
        #expect(second.sizes.newChunks == first.sizes.newChunks, "\(second.sizes)")
        #expect(try scratch.read(second) == ["base/1": files[0].1])
    }
}
