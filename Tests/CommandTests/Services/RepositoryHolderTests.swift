import Blocking
import Foundation
import Glibc
import Repository
import TestSupport
import Testing

@testable import recyclicd

/// The repository on a disk that hangs: its header is a pipe, which nobody can open until somebody writes to it.
@Suite(.serialized)
struct RepositoryHolderTests {
    private let folder: TemporaryDirectory
    private let path: String
    private let header: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path("repository")
        header = "\(path)/recyclic-repository.json"
    }

    private func holder(_ patience: Duration, reading: Duration = .seconds(120)) -> RepositoryHolder {
        RepositoryHolder(path: path, stateFolder: folder.path, patience: patience, readingPatience: reading)
    }

    private func hang() throws {
        try FileManager.default.moveItem(atPath: header, toPath: header + ".away")
        #expect(mkfifo(header, 0o600) == 0)
    }

    /// Lets the disk answer, and those go on who wait for it.
    private func answer() async throws {
        var descriptor: Int32 = -1
        // As long as nobody waits there it is refused.
        _ = try await eventually {
            descriptor = open(header, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return descriptor >= 0
        }
        #expect(rename(header + ".away", header) == 0)
        close(descriptor)
    }

    /// Waits until so many threads are at work for holders, those of other tests included.
    private static func waitForThreads(_ count: Int) async throws -> Bool {
        try await eventually {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { task in
                (try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)) == "repository\n"
            } == count
        }
    }

    @Test
    func `a disk that hangs is called silent, holds one thread, and is used again once it answers`() async throws {
        let id = try await holder(.seconds(600)).use { $0.id }
        let holder = holder(.milliseconds(200))
        try hang()
        for _ in 0..<20 {
            let error = await #expect(throws: RepositorySilent.self) { _ = try await holder.use { $0.id } }
            #expect(error?.message == "the disk of the repository \"\(path)\" does not answer")
        }
        #expect(try await Self.waitForThreads(1))
        try await answer()
        let isBack = try await eventually { (try? await holder.use { $0.id }) == id }
        #expect(isBack)
        #expect(try await Self.waitForThreads(0))
    }

    @Test
    func `who asks while the disk hangs learns what it says when it answers in time`() async throws {
        let holder = holder(.seconds(600))
        let id = try await holder.use { $0.id }
        try hang()
        async let first = try? holder.open().id
        async let second = try? holder.open().id
        #expect(try await Self.waitForThreads(1))
        try await answer()
        // What was asked of the pipe has no answer; a new question has.
        _ = await (first, second)
        #expect(try await holder.open().id == id)
    }

    @Test
    func `work that the disk lets wait ends the waiting, and no other is begun until it is over`() async throws {
        let holder = holder(.seconds(600), reading: .milliseconds(200))
        let gate = BlockingQueue<Void>(capacity: 1)
        await #expect(throws: RepositorySilent.self) {
            try await holder.use { _ in _ = gate.take() }
        }
        await #expect(throws: RepositorySilent.self) { try await holder.use { $0.id } }
        // The disk may be slow only, and a backup asks it itself.
        _ = try await holder.open()
        gate.put(())
        let isBack = try await eventually { (try? await holder.use { $0.id }) != nil }
        #expect(isBack)
    }

    @Test
    func `work whose caller was cancelled keeps nobody else from the repository`() async throws {
        let holder = holder(.seconds(600))
        let begun = BlockingQueue<Void>(capacity: 1)
        let gate = BlockingQueue<Void>(capacity: 1)
        let caller = Task {
            try await holder.use { _ in
                begun.put(())
                _ = gate.take()
            }
        }
        try await onOwnThread { _ = begun.take() }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        _ = try await holder.use { $0.id }
        gate.put(())
    }
}
