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
