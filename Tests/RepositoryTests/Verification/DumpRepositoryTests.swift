import Blocking
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Repository

/// A repository with dumps of a changing database, beside what other tests make by hand: real sessions, real manifests.
@Suite("Dumps in a repository")
struct DumpRepositoryTests {
    private static let path = DumpFacts.standardFile

    /// Stores a dump as of some day, and its manifest.
    @discardableResult
    private static func add(
        _ dump: ChangingDump,
        day: Int,
        to scratch: IngestScratch,
        excluding damaged: Set<Digest> = []
    ) throws -> (summary: BackupSummary, result: IngestResult) {
        let listing = try scratch.repository.listing()
        let previous = scratch.repository.newestManifest(ofCluster: "1", kind: .dump, database: "app", in: listing)
        var options = IngestOptions(workers: 2)
        options.excludedPacks = damaged
        let result = try scratch.store(
            [("globals.sql", Array("CREATE ROLE app;\n".utf8))],
            streams: [(path, dump.bytes)],
            previous: previous.map { IngestResult(table: $0.table, sizes: $0.sizes) },
            options: options
        )
        var manifest = scratch.manifest(result)
        manifest.id = BackupID(startedAt: TestBackups.time(day), kind: .dump)
        manifest.startedAt = manifest.id.startedAt
        manifest.finishedAt = manifest.id.startedAt.adding(seconds: 60)
        manifest.previous = try scratch.repository.previousManifest(ofCluster: "1")
        let digest = try scratch.repository.writeManifest(manifest)
        let name = ObjectName.manifest(cluster: "1", id: manifest.id, digest)
        return (BackupSummary(manifest, object: name), result)
    }

    private static func verify(_ scratch: IngestScratch, damaged: Set<Digest> = []) throws -> VerifyReport {
        try Verifier(
            scratch.repository,
            options: VerifyOptions(damaged: damaged, isFull: true, scratchFolder: scratch.folder.path)
        ).run()
    }

    private static func collect(_ scratch: IngestScratch, day: Int) throws -> CollectionReport {
        let lock = try scratch.repository.lockForWriting()
        defer { lock.release() }
        return try GarbageCollector(
            scratch.repository,
            lock: lock,
            patience: .zero,
            reserve: 0,
            now: TestBackups.time(day)
        ).run(deleting: [])
    }

    private static func read(_ scratch: IngestScratch, _ summary: BackupSummary) throws -> [UInt8] {
        let manifest = try scratch.repository.manifest(object: summary.object)
        var bytes: [UInt8] = []
        try BackupFileReader(repository: scratch.repository, manifest: manifest).copy(path) { bytes += $0 }
        return bytes
    }

    /// Dumps of some days; what each must give.
    private static func days(
        _ count: Int,
        seed: UInt64
    ) throws -> (scratch: IngestScratch, made: [(summary: BackupSummary, bytes: [UInt8])]) {
        let scratch = try IngestScratch()
        var dump = ChangingDump(seed: seed, rows: 30_000)
        var made: [(BackupSummary, [UInt8])] = []
        for day in 0..<count {
            if day > 0 { dump.advance() }
            made.append((try add(dump, day: day, to: scratch).summary, dump.bytes))
        }
        return (scratch, made)
    }

    @Test("a repository of dumps verifies, with an index and without one")
    func verifies() throws {
        let (scratch, made) = try Self.days(4, seed: 1)
        let report = try Self.verify(scratch)
        #expect(report.isGood && report.notes.isEmpty && report.backups.count == 4, "\(report)")
        for name in try scratch.repository.store.names("index/") { try scratch.repository.store.delete(name) }
        #expect(try Self.verify(scratch).isGood)
        for day in made { #expect(try Self.read(scratch, day.summary) == day.bytes) }
        // The next dump makes the index again.
        var dump = ChangingDump(seed: 1, rows: 30_000)
        for _ in 1...3 { dump.advance() }
        let next = try Self.add(dump, day: 4, to: scratch)
        #expect(next.result.sizes.newChunks == 0)
        #expect(try !scratch.repository.store.names("index/").isEmpty)
        let again = try Self.verify(scratch)
        #expect(again.isGood && again.notes.isEmpty)
    }

    @Test("a damaged pack is named with exactly the dumps that lose something by it", arguments: PackKind.allCases)
    func damage(kind: PackKind) throws {
        let (scratch, made) = try Self.days(3, seed: 2)
        let store = scratch.repository.store
        let packs = try store.names("packs/").filter { try PackDirectory.read(store.open($0)).kind == kind }
        let name = try #require(packs.sorted().first)
        let file = try OpenFile.open("\(scratch.repository.path)/\(name)", O_RDWR)
        try [UInt8](repeating: 0x55, count: 40).withUnsafeBytes { try file.write($0, at: 30) }
        let report = try Self.verify(scratch)
        #expect(report.damaged.map(\.name) == [name], "\(report)")
        for day in made {
            let isWhole = (try? Self.read(scratch, day.summary)) == day.bytes
            #expect(isWhole != report.affectedBackups.contains(day.summary.id), "\(day.summary.id)")
        }
        // Lists of marks are lists too, and no dump needs those to be restored.
        if kind != .list { #expect(!report.affectedBackups.isEmpty) }
    }

    @Test("the next dump stores again what a damaged pack held, and the dumps that need it are whole again")
    func heals() throws {
        let scratch = try IngestScratch()
        let dump = ChangingDump(seed: 3, rows: 30_000)
        let first = try Self.add(dump, day: 0, to: scratch)
        let store = scratch.repository.store
        let name = try #require(
            try store.names("packs/").first { try PackDirectory.read(store.open($0)).kind == .data }
        )
        let file = try OpenFile.open("\(scratch.repository.path)/\(name)", O_RDWR)
        try [UInt8](repeating: 0x55, count: 40).withUnsafeBytes { try file.write($0, at: 30) }
        let damaged = try Self.verify(scratch).damagedPacks
        #expect(damaged.count == 1)
        let second = try Self.add(dump, day: 1, to: scratch, excluding: damaged)
        #expect(second.result.sizes.newChunks > 4)
        let report = try Self.verify(scratch, damaged: damaged)
        #expect(report.affectedBackups.isEmpty, "\(report)")
        #expect(try Self.read(scratch, first.summary) == dump.bytes)
    }

    @Test("differences from damaged chunks are stored whole by the next dump, and read from there")
    func healsDeltas() throws {
        let (scratch, made) = try Self.days(2, seed: 7)
        let store = scratch.repository.store
        let packs = try store.names("packs/")
        let data = try packs.filter { try PackDirectory.read(store.open($0)).kind == .data }
        #expect(try packs.contains { try PackDirectory.read(store.open($0)).kind == .delta })
        for name in data {
            let end = try PackDirectory.read(store.open(name)).entries.reduce(0) { $0 + $1.storedBytes }
            let file = try OpenFile.open("\(scratch.repository.path)/\(name)", O_RDWR)
            try [UInt8](repeating: 0x55, count: end).withUnsafeBytes { try file.write($0, at: 0) }
        }
        let before = try Self.verify(scratch)
        #expect(before.affectedBackups == made.map(\.summary.id))
        var dump = ChangingDump(seed: 7, rows: 30_000)
        dump.advance()
        try Self.add(dump, day: 2, to: scratch, excluding: before.damagedPacks)
        let after = try Self.verify(scratch, damaged: before.damagedPacks)
        #expect(after.affectedBackups == [made[0].summary.id], "\(after)")
        #expect(try Self.read(scratch, made[1].summary) == made[1].bytes)
        #expect(throws: RepositoryError.self) { try Self.read(scratch, made[0].summary) }
    }

    @Test("garbage collection keeps what the dumps that are left need, bases and marks among it")
    func collection() throws {
        let (scratch, made) = try Self.days(6, seed: 4)
        for day in made.prefix(5) {
            try scratch.repository.addMark(.delete, to: day.summary, by: "test", at: TestBackups.time(6))
        }
        let first = try Self.collect(scratch, day: 7)
        #expect(first.plan.missingChunks == 0)
        _ = try Self.collect(scratch, day: 9)
        _ = try Self.collect(scratch, day: 11)
        let report = try Self.verify(scratch)
        #expect(report.isGood && report.backups == [made[5].summary.id], "\(report)")
        #expect(try Self.read(scratch, made[5].summary) == made[5].bytes)
        // With its marks the last one still is what the next is a difference from.
        let index = try ChunkIndex(store: scratch.repository.store)
        let reader = try BackupFileReader(
            repository: scratch.repository,
            manifest: scratch.repository.manifest(object: made[5].summary.object)
        )
        let entry = try #require(try reader.entries().first { $0.path == Self.path })
        for list in try #require(entry.marks) { #expect(try index.lookup(list) != nil) }
    }

    @Test("a copy of the repository from the middle of a dump verifies, and the next dump uses what is there")
    func killed() throws {
        let (scratch, made) = try Self.days(1, seed: 5)
        // Nothing in common with the first, so that it makes packs before it ends.
        var generator = SeededGenerator(seed: 55)
        let bytes = generator.bytes(60_000_000)
        let lock = try scratch.repository.lockForWriting()
        let session = try IngestSession(repository: scratch.repository, lock: lock)
        let before = try scratch.repository.store.names("packs/").count
        try session.beginStream(path: Array(Self.path.utf8), mode: 0o600)
        var position = 0
        while try scratch.repository.store.names("packs/").count < before + 2 {
            let next = min(position + 1 << 20, bytes.count)
            try #require(next > position)
            try bytes[position..<next].withUnsafeBytes { try session.append($0) }
            position = next
        }
        // What is on the disk at this moment is what a process that is killed leaves.
        let copy = scratch.folder.path("copy")
        try Program.check("cp", ["-a", scratch.repository.path, copy])
        session.abort()
        lock.release()

        let repository = try Repository.open(at: copy)
        let report = try Verifier(
            repository,
            options: VerifyOptions(isFull: true, scratchFolder: scratch.folder.path)
        ).run()
        #expect(report.isGood && report.backups == [made[0].summary.id], "\(report)")
        let again = try repository.lockForWriting()
        defer { again.release() }
        let second = try IngestSession(repository: repository, lock: again)
        defer { second.abort() }
        try second.beginStream(path: Array(Self.path.utf8), mode: 0o600)
        try bytes.withUnsafeBytes { try second.append($0) }
        try second.endFile()
        let sizes = try second.finish().sizes
        // Two packs of 16 MiB are there already.
        #expect(sizes.addedBytes < 30_000_000 && sizes.newChunks < sizes.chunks * 6 / 10, "\(sizes)")
    }

    @Test("a full disk in the middle of a dump ends the session with that, and the repository verifies")
    func diskFull() throws {
        let (scratch, made) = try Self.days(1, seed: 6)
        let lock = try scratch.repository.lockForWriting()
        var options = IngestOptions(workers: 2)
        options.reservedBytes = .max / 2
        let session = try IngestSession(repository: scratch.repository, lock: lock, options: options)
        var generator = SeededGenerator(seed: 66)
        let bytes = generator.bytes(40_000_000)
        try session.beginStream(path: Array(Self.path.utf8), mode: 0o600)
        let error = #expect(throws: RepositoryError.self) {
            try bytes.withUnsafeBytes { try session.append($0) }
            try session.endFile()
            _ = try session.finish()
        }
        #expect(error?.kind == .diskFull)
        session.abort()
        lock.release()
        #expect(try Self.verify(scratch).isGood)
        #expect(try Self.read(scratch, made[0].summary) == made[0].bytes)
    }
}
