import Foundation
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct BackupListingTests {
    @Test func aManifestSurvivesTheRoundTrip() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ["a": [1]])
        let manifest = try backups.repository.manifest(object: made.object)
        #expect(manifest.id == made.id && manifest.kind == .base && manifest.server == TestBackups.server)
        let bytes = try readFile("\(backups.path)/\(made.object)")
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(try RepositoryJSON.encode(manifest) == bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        let keys = [
            "\"blockSize\":", "\"configurationFiles\":", "\"dataChecksums\":", "\"databases\":", "\"notAvailable\":",
        ]
        let places = keys.compactMap { text.range(of: $0)?.lowerBound }
        #expect(places.count == keys.count && places == places.sorted(), "keys are sorted by their bytes")
        #expect(!text.contains("\\/"))
        #expect(text.contains(#""startedAt":"2026-11-22T02:00:00Z""#))
    }

    @Test func unknownKeysAreIgnoredAndNewerFormatsRefused() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ["a": [1]])
        let text = String(decoding: try readFile("\(backups.path)/\(made.object)"), as: UTF8.self)
        let more = text.replacingOccurrences(of: "{\"cluster\"", with: "{\"aFutureKey\":[1,{}],\"cluster\"")
        #expect(try BackupManifest(decoding: Array(more.utf8), name: made.object).id == made.id)
        let newer = text.replacingOccurrences(of: "\"format\":1", with: "\"format\":2")
        let error = #expect(throws: RepositoryError.self) {
            try BackupManifest(decoding: Array(newer.utf8), name: made.object)
        }
        #expect(error?.kind == .unsupportedFormat)
        #expect(throws: RepositoryError.self) {
            try BackupManifest(
                decoding: Array(text.utf8),
                name: "clusters/8/backups/\(ObjectName.file(of: made.object))"
            )
        }
    }

    @Test func `a backup brings back the moment when PostgreSQL ended it, and an old manifest's its end`() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ["a": [1]])
        let old = try backups.repository.manifest(object: made.object)
        #expect(old.stoppedAt == nil && made.restorablePoint == old.finishedAt)
        var manifest = old
        manifest.stoppedAt = old.startedAt.adding(seconds: 3)
        let bytes = try RepositoryJSON.encode(manifest)
        let decoded = try BackupManifest(decoding: bytes, name: made.object)
        #expect(decoded.stoppedAt == manifest.stoppedAt)
        let summary = BackupSummary(decoded, object: made.object)
        #expect(summary.restorablePoint == manifest.stoppedAt && summary.restorablePoint < summary.finishedAt)
    }

    @Test func `a manifest of the first writers is read as it was`() throws {
        let text = """
            {"cluster":"7300000000000000001","codec":"zstd","findings":[],"finishedAt":"2026-11-22T02:01:00Z","format":1,\
            "id":"20261122T020000Z-base","kind":"base","repository":"r","server":{"blockSize":8192,\
            "configurationFiles":[],"dataChecksums":true,"databases":[],"notAvailable":[],"settings":{},"superusers":[],\
            "systemIdentifier":"7300000000000000001","tablespaces":[],"timeline":1,"version":"15.20",\
            "versionNumber":150020,"walSegmentBytes":16777216},"sizes":{"addedBytes":1,"chunks":2,"deltaChunks":0,\
            "logicalBytes":3,"newChunks":2},"startedAt":"2026-11-22T02:00:00Z","table":{"bytes":3,"files":1,"root":\
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"tool":"recyclicd 0.1","wal":{\
            "endLSN":"0/2000100","histories":[],"objects":[{"bytes":16777216,"name":"000000010000000000000002",\
            "object":"wal/00000001-e3b0c442/x"}],"segmentBytes":16777216,"startLSN":"0/2000028","timeline":1}}

            """
        let id = try #require(BackupID("20261122T020000Z-base"))
        let name = ObjectName.manifest(cluster: "7300000000000000001", id: id, Digest(hashing: Array(text.utf8)))
        let manifest = try BackupManifest(decoding: Array(text.utf8), name: name)
        #expect(manifest.wal?.endLSN == "0/2000100" && manifest.dump == nil)
        #expect(manifest.walObjectNames == ["clusters/7300000000000000001/wal/00000001-e3b0c442/x"])
        // Nothing that is new in the format changes what a base backup's manifest looks like.
        #expect(try RepositoryJSON.encode(manifest) == Array(text.utf8))
        let summary = BackupSummary(manifest, object: name)
        #expect(summary.series == "base" && summary.restorablePoint == manifest.finishedAt)
    }

    @Test func `a dump says which database it is of, has no WAL, and brings back the moment of its snapshot`() throws {
        let scratch = try IngestScratch()
        let result = try scratch.store(streams: [("database.dump", Array("PGDMP".utf8))])
        var manifest = scratch.manifest(result)
        let name = ObjectName.manifest(cluster: "1", id: manifest.id, try scratch.repository.writeManifest(manifest))
        #expect(try scratch.repository.manifest(object: name) == manifest)
        let text = String(decoding: try RepositoryJSON.encode(manifest), as: UTF8.self)
        #expect(!text.contains("\"wal\"") && text.contains(#""dump":{"database":"app","encoding":"UTF8""#))
        let listed = try #require(try scratch.repository.backups().first)
        #expect(listed.summary.database == "app" && listed.summary.series == "dump app")
        #expect(listed.summary.timeline == nil && listed.summary.startLSN == nil)
        #expect(listed.summary.restorablePoint == manifest.startedAt)
        manifest.stoppedAt = manifest.startedAt.adding(seconds: 2)
        #expect(BackupSummary(manifest, object: name).restorablePoint == manifest.stoppedAt)
    }

    @Test func `a manifest that lacks what its kind must have is damaged`() throws {
        let scratch = try IngestScratch()
        let good = scratch.manifest(try scratch.store())
        var without = good
        without.dump = nil
        var both = good
        both.wal = .init(timeline: 1, startLSN: "0/1", endLSN: "0/2", segmentBytes: 1, objects: [], histories: [])
        for manifest in [without, both] {
            let name = ObjectName.manifest(cluster: "1", id: good.id, Digest(hashing: []))
            let error = #expect(throws: RepositoryError.self) {
                try BackupManifest(decoding: RepositoryJSON.encode(manifest), name: name)
            }
            #expect(error?.kind == .damaged)
        }
    }

    @Test func `the next backup of a series resembles the last one of that series`() throws {
        let scratch = try IngestScratch()
        let result = try scratch.store()
        var made: [BackupManifest] = []
        for (second, database) in ["app", "other", "app", "other"].enumerated() {
            var manifest = scratch.manifest(result)
            manifest.id = BackupID(startedAt: TestBackups.time(second), kind: .dump)
            manifest.dump?.database = database
            try scratch.repository.writeManifest(manifest)
            made.append(manifest)
        }
        let listing = try scratch.repository.listing()
        func newest(_ kind: BackupKind, _ database: String?) -> BackupManifest? {
            scratch.repository.newestManifest(ofCluster: "1", kind: kind, database: database, in: listing)
        }
        #expect(newest(.dump, "app") == made[2] && newest(.dump, "other") == made[3])
        #expect(newest(.dump, "third") == nil && newest(.base, nil) == nil)
    }

    @Test func eachManifestNamesTheOneBefore() throws {
        let backups = try TestBackups()
        let first = try backups.add(day: 0, ["a": [1]])
        let second = try backups.add(day: 1, ["a": [2]])
        #expect(first.previous == nil)
        #expect(second.previous == ObjectName.file(of: first.object))
    }

    @Test func backupsAreResolvedByIdPrefixAndFileName() throws {
        let backups = try TestBackups()
        var made: [BackupSummary] = []
        for day in 0..<3 { made.append(try backups.add(day: day, ["a": [UInt8(day)]])) }
        let listing = try backups.repository.listing()
        for summary in made {
            #expect(try listing.resolve("\(summary.id)").id == summary.id)
            #expect(try listing.resolve(ObjectName.file(of: summary.object)).id == summary.id)
            #expect(try listing.resolve(summary.object).id == summary.id)
            #expect(try listing.resolve(String("\(summary.id)".prefix(8))).id == summary.id)
        }
        #expect(try listing.resolve("latest").id == made[2].id)
        for (name, kind) in [
            ("2026", RepositoryError.Code.ambiguousName), ("2025", .notFound), ("", .notFound), ("x", .notFound),
        ] {
            let error = #expect(throws: RepositoryError.self) { try listing.resolve(name) }
            #expect(error?.kind == kind)
        }
        #expect(throws: RepositoryError.self) { try listing.resolve("latest", cluster: "8") }
    }

    @Test func theCatalogueSparesReadingAndIsMadeAgain() throws {
        let backups = try TestBackups()
        for day in 0..<3 { try backups.add(day: day, ["a": [UInt8(day)]]) }
        let state = backups.folder.path("state")
        #expect(mkdir(state, 0o700) == 0)
        let expected = try Repository.open(at: backups.path, catalogueFolder: state).listing()
        #expect(expected.all.count == 3)
        let file = "\(state)/catalogue-\(backups.repository.id).json"
        #expect(try !readFile(file).isEmpty)
        // With the catalogue no manifest is read: it lists them even when none can be.
        let broken = FaultInjectingStore(backups.store)
        for backup in expected.all {
            broken.fail(backup.summary.object, with: RepositoryError(.inputOutput, "no reading"))
        }
        let listed = try Repository.open(at: backups.path, store: broken, catalogueFolder: state).listing()
        #expect(listed == expected)
        for damage in [[], Array("{}".utf8), Array(repeating: UInt8(255), count: 9)] as [[UInt8]] {
            try writeFile(file, damage)
            #expect(try Repository.open(at: backups.path, catalogueFolder: state).listing() == expected)
        }
        try backups.add(day: 3, ["a": [9]])
        #expect(try Repository.open(at: backups.path, catalogueFolder: state).listing().all.count == 4)
        #expect(try Repository.open(at: backups.path, catalogueFolder: "/nonexistent").listing().all.count == 4)
    }

    @Test func aDamagedManifestDoesNotHideTheOthers() throws {
        let backups = try TestBackups()
        let first = try backups.add(day: 0, ["a": [1]])
        try backups.add(day: 1, ["a": [2]])
        try writeFile("\(backups.path)/\(first.object)", [1, 2, 3])
        let listing = try Repository.open(at: backups.path).listing()
        #expect(listing.backups.count == 1)
        #expect(listing.unreadable.keys.sorted() == [first.object])
        let error = #expect(throws: RepositoryError.self) { try listing.resolve("\(first.id)") }
        #expect(error?.kind == .damaged)
    }

    @Test func `a manifest that is gone is told of by the one after it, and its backup can be given up`() throws {
        let backups = try TestBackups()
        let made = try (0..<3).map { try backups.add(day: $0, ["a": [UInt8($0)]]) }
        try backups.repository.addMark(.pin, to: made[1], by: "test")
        #expect(unlink("\(backups.path)/\(made[1].object)") == 0)
        let listing = try Repository.open(at: backups.path).listing()
        #expect(listing.backups.map(\.id) == [made[0].id, made[2].id])
        #expect(listing.lost == [made[1].object] && listing.unreadable.keys.sorted() == [made[1].object])
        let error = #expect(throws: RepositoryError.self) { try listing.resolve("\(made[1].id)") }
        #expect(error?.kind == .damaged)
        let left = try listing.resolveWhatIsLeft(of: "\(made[1].id)")
        #expect(left.id == made[1].id && left.marks.isPinned)
        try backups.repository.addMark(.delete, to: left.summary, by: "test")
        let after = try backups.repository.listing()
        #expect(after.lost.isEmpty && after.unreadable.isEmpty)
        #expect(throws: RepositoryError.self) { try after.resolveWhatIsLeft(of: "\(made[1].id)") }
    }

    @Test func theLastOfPinAndUnpinCountsAlsoWithinASecondAndWhenTheClockWasSetBack() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ["a": [1]])
        for (action, day) in [(Mark.Action.pin, 2), (.unpin, 2), (.pin, 2), (.unpin, 1), (.pin, 1), (.unpin, 1)] {
            try backups.repository.addMark(action, to: made, by: "uid 0", at: TestBackups.time(day))
            #expect(try backups.repository.backups().first?.marks.isPinned == (action == .pin))
        }
    }

    @Test func marksPinUnpinProveAndDelete() throws {
        let backups = try TestBackups()
        let made = try backups.add(day: 0, ["a": [1]])
        func state() throws -> MarkState? { try backups.repository.listing().all.first?.marks }
        func add(_ action: Mark.Action, _ day: Int) throws {
            try backups.repository.addMark(
                action,
                to: made,
                by: "uid 0",
                details: ["seconds": 12, "verdict": "passed", "phases": .array([.number(1.5), .null, true])],
                at: TestBackups.time(day)
            )
        }
        #expect(try state() == MarkState())
        try add(.pin, 1)
        #expect(try state()?.isPinned == true)
        try add(.unpin, 2)
        try add(.drill, 3)
        #expect(try state()?.isPinned == false)
        #expect(try state()?.proof?.details["seconds"] == 12)
        #expect(try state()?.proof?.details["phases"] == .array([.number(1.5), .null, true]))
        try add(.delete, 4)
        #expect(try state()?.isDeleted == true)
        #expect(try backups.repository.backups().isEmpty)
        #expect(throws: RepositoryError.self) { try backups.repository.manifest(named: "\(made.id)") }
    }

    @Test func theOrderOfMarksDoesNotMatter() {
        let id = BackupID(startedAt: TestBackups.time(0), kind: .base)
        let marks = [(Mark.Action.pin, 1), (.unpin, 2), (.pin, 2), (.drill, 1), (.drill, 3), (.unpin, 1)].map {
            Mark(action: $0, at: TestBackups.time($1), backup: id, manifest: Digest(hashing: [1]), by: "test")
        }
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<50 {
            let state = MarkState(marks.shuffled(using: &generator))
            #expect(state.isPinned && !state.isDeleted)
            #expect(state.proof?.at == TestBackups.time(3))
        }
    }
}
