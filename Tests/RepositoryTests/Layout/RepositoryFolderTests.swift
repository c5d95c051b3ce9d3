import Blocking
import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct RepositoryFolderTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func expect(_ kind: RepositoryError.Code, _ body: () throws -> Void) {
        let error = #expect(throws: RepositoryError.self) { try body() }
        #expect(error?.kind == kind)
    }

    @Test func aNewRepositoryOpens() throws {
        let path = folder.path("r")
        let made = try Repository.create(at: path, now: UTCTime(secondsSinceEpoch: 0))
        let opened = try Repository.open(at: path)
        #expect(made.header == opened.header)
        #expect(opened.header.chunkBytes == 524_288)
        #expect(opened.id.count == 36 && opened.id.dropFirst(14).first == "4")
        #expect(try Repository.openOrCreate(at: path).id == opened.id)
        #expect(try opened.space().free > 0)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        expect(.alreadyExists) { _ = try Repository.create(at: path) }
    }

    @Test func theDescriptionEndsInItsDigest() throws {
        _ = try Repository.create(at: folder.path("r"), now: UTCTime(secondsSinceEpoch: 0))
        let bytes = try readFile(folder.path("r/recyclic-repository.json"))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"chunkBytes":524288,"createdAt":"1970-01-01T00:00:00Z","format":1,"id":""#))
        #expect(text.suffix(65) == "\(Digest(hashing: Array(bytes.dropLast(65))).hex)\n")
    }

    @Test func anotherFolderIsRefused() throws {
        try writeFile(folder.path("precious"), [1])
        expect(.folderNotEmpty) { _ = try Repository.create(at: folder.path) }
        expect(.notARepository) { _ = try Repository.open(at: folder.path) }
        expect(.notFound) { _ = try Repository.create(at: folder.path("no/such")) }
        #expect(try readFile(folder.path("precious")) == [1])
    }

    @Test func anInterruptedCreationIsFinished() throws {
        try writeFile(folder.path("lock"), [])
        #expect(mkdir(folder.path("tmp"), 0o700) == 0)
        _ = try Repository.openOrCreate(at: folder.path)
    }

    @Test func aDamagedDescriptionIsNoticed() throws {
        let path = folder.path("r")
        _ = try Repository.create(at: path)
        let file = "\(path)/recyclic-repository.json"
        let bytes = try readFile(file)
        for position in [0, 20, bytes.count - 2] {
            var damaged = bytes
            damaged[position] ^= 1
            try writeFile(file, damaged)
            expect(.notARepository) { _ = try Repository.open(at: path) }
        }
        try writeFile(file, [])
        expect(.notARepository) { _ = try Repository.open(at: path) }
    }

    @Test func aNewerFormatIsRefused() throws {
        let path = folder.path("r")
        var header = try Repository.create(at: path).header
        header.format = 2
        try writeFile("\(path)/recyclic-repository.json", header.encoded())
        let error = #expect(throws: RepositoryError.self) { try Repository.open(at: path) }
        #expect(error?.kind == .unsupportedFormat)
        #expect(error?.hint?.contains("newer recyclicd") == true)
    }

    @Test func oneWriterAtATime() throws {
        let repository = try Repository.create(at: folder.path("r"))
        let first = try repository.lockForWriting()
        expect(.repositoryLocked) { _ = try repository.lockForWriting(patience: .milliseconds(50)) }
        let reader = try repository.lockForReading(patience: .zero)
        first.release()
        let second = try repository.lockForWriting()
        second.release()
        reader.release()
    }

    @Test func theSweepWaitsForReaders() throws {
        let repository = try Repository.create(at: folder.path("r"))
        let writer = try repository.lockForWriting()
        do {
            let reader = try repository.lockForReading(patience: .zero)
            expect(.repositoryLocked) { try writer.beginSweep(patience: .milliseconds(30), cancellation: nil) }
            reader.release()
        }
        try writer.beginSweep(patience: .zero, cancellation: nil)
        expect(.repositoryLocked) { _ = try repository.lockForReading(patience: .milliseconds(30)) }
        writer.endSweep()
        try repository.lockForReading(patience: .zero).release()
        expect(.repositoryLocked) { _ = try repository.lockForWriting() }
    }

    @Test func waitingEndsWhenTheHolderDies() async throws {
        let repository = try Repository.create(at: folder.path("r"))
        var first: RepositoryLock? = try repository.lockForWriting()
        #expect(first != nil)
        async let second = onThread("lock") { try repository.lockForWriting(patience: .seconds(20)) }
        first = nil  // closing the file drops the lock, as the kernel does for a dead process
        try await second.release()
    }

    @Test func waitingIsCancelled() throws {
        let repository = try Repository.create(at: folder.path("r"))
        let writer = try repository.lockForWriting()
        let flag = CancellationFlag()
        flag.cancel()
        #expect(throws: CancellationError.self) {
            try repository.lockForWriting(patience: .seconds(20), cancellation: flag)
        }
        writer.release()
    }

    @Test func theWriterRemovesWhatDeadWritersLeft() throws {
        let repository = try Repository.create(at: folder.path("r"))
        let left = try repository.store.makeTemporary()
        #expect(mkdir(folder.path("r/tmp/scratch"), 0o700) == 0)
        try writeFile(folder.path("r/tmp/scratch/x"), [1])
        let lock = try repository.lockForWriting()
        #expect(access(left, F_OK) != 0)
        #expect(access(folder.path("r/tmp/scratch"), F_OK) != 0)
        lock.release()
    }

    @Test func aCopyWithoutALockFileCanBeRead() throws {
        let repository = try Repository.create(at: folder.path("r"))
        #expect(unlink(folder.path("r/lock")) == 0)
        try repository.lockForReading().release()
    }

    @Test(arguments: [true, false])
    func `a link in the lock's place is not followed, and what it names is neither made nor opened`(exists: Bool) throws
    {
        let repository = try Repository.create(at: folder.path("r"))
        #expect(unlink(folder.path("r/lock")) == 0)
        let target = folder.path("target")
        if exists { try writeFile(target, [1]) }
        #expect(symlink(target, folder.path("r/lock")) == 0)
        #expect(throws: RepositoryError.self) { try repository.lockForReading(patience: .zero) }
        #expect(throws: RepositoryError.self) { try repository.lockForWriting(patience: .zero) }
        #expect((access(target, F_OK) == 0) == exists)
    }

    @Test func `a lock that a reader makes belongs to the folder's owner, whom it must not keep out later`() throws {
        let folder = try TemporaryDirectory()
        let repository = try Repository.create(at: folder.path("r"))
        #expect(unlink(folder.path("r/lock")) == 0)
        // Others than root can't give the folder away; theirs is the lock anyway.
        if geteuid() == 0 { #expect(chown(folder.path("r"), 65_534, 65_534) == 0) }
        let lock = try repository.lockForReading()
        var (owner, file) = (stat(), stat())
        #expect(stat(folder.path("r"), &owner) == 0 && stat(folder.path("r/lock"), &file) == 0)
        #expect(file.st_uid == owner.st_uid && file.st_gid == owner.st_gid && file.st_mode & 0o777 == 0o600)
        lock.release()
    }
}
