import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct ObjectStoreTests {
    @Test func localFolderConforms() throws {
        let folder = try TemporaryDirectory()
        try ObjectStoreConformance(store: LocalObjectStore(root: folder.path)).run()
    }

    @Test func memoryConforms() throws {
        try ObjectStoreConformance(store: InMemoryObjectStore()).run()
    }

    @Test func aStoreWithoutFaultsConforms() throws {
        try ObjectStoreConformance(store: FaultInjectingStore(InMemoryObjectStore())).run()
    }

    @Test func aDeadStoreRefusesEverything() throws {
        let inner = try InMemoryObjectStore()
        let store = FaultInjectingStore(inner, dyingAfter: 1)
        try store.put(bytes: [1], as: "index/a")
        #expect(throws: RepositoryError.self) { try store.put(bytes: [1], as: "index/b") }
        #expect(throws: RepositoryError.self) { try store.get("index/a") }
        #expect(try inner.names("") == ["index/a"])
    }

    @Test func objectsAndFoldersArePrivate() throws {
        let folder = try TemporaryDirectory()
        let store = LocalObjectStore(root: folder.path + "/")
        try store.put(bytes: [1], as: "packs/ab/x")
        var status = stat()
        #expect(stat(folder.path("packs/ab"), &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(folder.path("packs/ab/x"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(access(folder.path("tmp/x"), F_OK) != 0)
    }

    @Test(arguments: [[UInt8](repeating: 1, count: 90), [], [UInt8](repeating: 7, count: 91)])
    func `a damaged object gives way to the good bytes of its name, and a good one stays`(damage: [UInt8]) throws {
        let folder = try TemporaryDirectory()
        let store = LocalObjectStore(root: folder.path)
        let bytes = [UInt8](repeating: 7, count: 90)
        let name = ObjectName.wal(
            cluster: "7",
            timeline: 2,
            history: [1],
            file: "00000002.history",
            Digest(hashing: bytes)
        )
        try store.put(bytes: bytes, as: name)
        var before = stat()
        #expect(stat(folder.path(name), &before) == 0)
        try store.put(bytes: bytes, as: name)
        var after = stat()
        #expect(stat(folder.path(name), &after) == 0 && after.st_ino == before.st_ino)
        try writeFile(folder.path(name), damage)
        try store.put(bytes: bytes, as: name)
        #expect(try store.get(name) == bytes)
        #expect(try store.names("") == [name])
    }

    @Test func aFullDiskIsNamedAsSuch() throws {
        // Every write to this device fails with ENOSPC (full(4)).
        let file = try OpenFile.open("/dev/full", O_WRONLY)
        let error = #expect(throws: RepositoryError.self) {
            try [UInt8(1)].withUnsafeBytes { try file.write($0) }
        }
        #expect(error?.code == "diskFull")
        #expect(error?.message == "can't write '/dev/full': No space left on device")
        #expect(error?.hint?.contains("Free space") == true)
    }

    @Test(arguments: [
        (ENOSPC, "diskFull"), (EDQUOT, "diskFull"), (EROFS, "readOnly"), (EACCES, "permissionDenied"),
        (EPERM, "permissionDenied"), (EIO, "inputOutput"), (ENOENT, "notFound"), (EMFILE, "inputOutput"),
    ])
    func systemErrorsHaveCodes(number: Int32, code: String) {
        let error = RepositoryError(errno: number, "write", path: "/x/y")
        #expect(error.code == code)
        #expect(error.message.contains("'/x/y'"))
    }

    @Test func anObjectsBytesAreCheckedAgainstItsName() throws {
        let store = try InMemoryObjectStore()
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        let name = ObjectName.index(Digest(hashing: bytes))
        try store.put(bytes: bytes, as: name)
        try ObjectDigest.check(store.open(name), cancellation: nil)
        let wrong = ObjectName.index(Digest(hashing: [1]))
        try store.put(bytes: bytes, as: wrong)
        #expect(throws: RepositoryError.self) { try ObjectDigest.check(store.open(wrong), cancellation: nil) }
    }
}
