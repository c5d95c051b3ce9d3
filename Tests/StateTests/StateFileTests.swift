import FoundationEssentials
import GRDB
import Glibc
import TestSupport
import Testing

@testable import State

@Suite("The state file")
struct StateFileTests {
    private let directory: TemporaryDirectory
    private let now = Date(timeIntervalSince1970: 1_795_000_000)
    private var file: String { directory.path("state.sqlite") }

    init() throws {
        directory = try TemporaryDirectory(prefix: "state")
    }

    private func open() async throws -> StateStore {
        try await StateStore.open(directory: directory.path, now: now)
    }

    private func fill() async throws {
        let store = try await open()
        for number in 0..<300 {
            try await store.recordEvent("k", severity: .info, message: "event \(number)", at: now)
        }
        try await store.close()
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    private func overwrite(_ bytes: [UInt8], at offset: Int) throws {
        let descriptor = Glibc.open(file, O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        try #require(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
    }

    @Test("it and its companions are for their owner alone, in WAL mode, with full synchronisation")
    func modes() async throws {
        let store = try await open()
        try await store.recordEvent("k", severity: .info, message: "m", at: now)
        #expect(mode(file) == 0o600)
        #expect(mode(file + "-wal") == 0o600)
        #expect(mode(file + "-shm") == 0o600)
        let settings = try await store.write { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA synchronous")
            )
        }
        #expect(settings.0 == "wal")
        // 2 is FULL (sqlite.org/pragma.html#pragma_synchronous).
        #expect(settings.1 == 2)
        try await store.close()
    }

    @Test("a wider mode is taken back")
    func widerMode() async throws {
        try await fill()
        chmod(file, 0o644)
        try await open().close()
        #expect(mode(file) == 0o600)
    }

    @Test("bytes that are no database are set aside, told as an event, and a new file is begun")
    func garbage() async throws {
        try await fill()
        try overwrite(Array("this is no database at all".utf8), at: 0)
        let store = try await open()
        let aside = try #require(store.opening.setAside)
        #expect(aside.path == file + ".damaged-20261118T110640Z")
        #expect(access(aside.path, F_OK) == 0)
        let event = try #require(await store.events().first)
        #expect(event.kind == "stateSetAside" && event.subject == aside.path && event.severity == .warning)
        #expect(try await store.events().count == 1)
        _ = try await store.createJob(.backup, requestedBy: "a", at: now)
        try await store.close()
        #expect(mode(file) == 0o600)

        // A second time in the same second: the first is not overwritten.
        try overwrite(Array("this is no database at all".utf8), at: 0)
        let again = try await open()
        #expect(again.opening.setAside?.path == aside.path + "-2")
        try await again.close()
        #expect(
            try files().filter { $0.contains("damaged") && !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }.count == 2
        )
    }

    @Test("damage in the middle is found at the start, not some day", arguments: [4096, 8192, 20_480])
    func damagedPage(offset: Int) async throws {
        try await fill()
        try overwrite(Array(repeating: 0xa5, count: 4096), at: offset)
        let store = try await open()
        #expect(store.opening.setAside != nil)
        try await store.close()
    }

    @Test("a file that is cut short is set aside", arguments: [100, 4096, 9000])
    func truncated(size: Int) async throws {
        try await fill()
        try #require(truncate(file, off_t(size)) == 0)
        let store = try await open()
        #expect(store.opening.setAside != nil)
        #expect(try await store.events().map(\.kind) == ["stateSetAside"])
        try await store.close()
    }

    @Test("an empty file is a new one")
    func empty() async throws {
        let descriptor = Glibc.open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
        Glibc.close(descriptor)
        let store = try await open()
        #expect(store.opening.setAside == nil)
        try await store.close()
    }

    @Test("tables of another program are set aside")
    func foreign() async throws {
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "CREATE TABLE jobs (a); INSERT INTO jobs VALUES (1)") }
        try queue.close()
        let store = try await open()
        #expect(store.opening.setAside != nil)
        try await store.close()
    }

    @Test("a file of a newer version is set aside under another name")
    func newer() async throws {
        try await fill()
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 from the future')") }
        try queue.close()
        let store = try await open()
        #expect(store.opening.setAside?.path.contains("state.sqlite.newer-2026") == true)
        try await store.close()
    }

    @Test("what was recorded is there although the process never closed the file")
    func killed() async throws {
        let store = try await open()
        let job = try await store.createJob(.backup, requestedBy: "a", at: now)
        try await store.startJob(job.id, at: now)
        try await store.set(.firstStart, to: now)
        // What a process leaves that is killed now: the files as they lie there, the WAL not yet in the main file.
        let left = try TemporaryDirectory(prefix: "state")
        for name in try files() {
            try FileManager.default.copyItem(atPath: directory.path(name), toPath: left.path(name))
        }
        try await store.close()

        let next = try await StateStore.open(directory: left.path, now: now + 9)
        #expect(next.opening.setAside == nil)
        #expect(next.opening.interruptedJobs == [job.id])
        #expect(try await next.value(.firstStart) == now)
        try await next.close()
    }

    @Test("without a folder there is an error that names the file, and nothing is set aside")
    func noFolder() async throws {
        let path = directory.path("missing")
        let error = await #expect(throws: StateError.self) {
            try await StateStore.open(directory: path, now: now)
        }
        #expect(error?.code == "stateUnusable")
        #expect(error?.message.contains("\(path)/state.sqlite") == true)
    }

    @Test("many tasks at once neither fail nor lose anything")
    func concurrent() async throws {
        let store = try await open()
        let now = now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let job = try await store.createJob(.backup, requestedBy: "t\(number)", at: now)
                    try await store.startJob(job.id, at: now)
                    _ = try await store.jobs(limit: 3)
                    try await store.finishJob(job.id, .succeeded(result: nil), at: now)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.jobs(states: [.succeeded]).count == 60)
        try await store.close()
    }
}
