import FoundationEssentials
import State
import TestSupport
import Testing

@Suite("Jobs")
struct JobTests {
    private let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    init() throws {
        directory = try TemporaryDirectory(prefix: "state")
    }

    private func open(at now: Date? = nil) async throws -> StateStore {
        try await StateStore.open(directory: directory.path, now: now ?? start)
    }

    @Test("a job's life is there after the store was closed and opened again")
    func life() async throws {
        let store = try await open()
        let detail = try JSONText(encoding: ["kind": "base", "url": "a/b"])
        #expect(detail.text == #"{"kind":"base","url":"a/b"}"#)
        let created = try await store.createJob(.backup, detail: detail, requestedBy: "alice", at: start)
        #expect(created.id.description == "j1")
        #expect(created.state == .queued && created.detail == detail && created.requestedBy == "alice")
        let running = try await store.startJob(created.id, at: start + 1)
        #expect(running.state == .running && running.startedAt == start + 1)
        let half = JobProgress(bytesDone: 50, bytesTotal: 100, filesDone: 3)
        try await store.updateJob(created.id, phase: "copying", progress: half)
        try await store.addWarning("unlogged table 'cache' is not protected", to: created.id)
        let whole = JobProgress(bytesDone: 100, bytesTotal: 100, filesDone: 7, filesTotal: 7)
        try await store.finishJob(
            created.id,
            .succeeded(result: JSONText(encoding: ["backup": "20261121T020000Z-base"])),
            progress: whole,
            at: start + 9.25
        )
        try await store.close()

        let reopened = try await open(at: start + 20)
        let job = try #require(await reopened.job(created.id))
        #expect(job.state == .succeeded && job.state.isFinished)
        #expect(job.phase == "copying" && job.progress == whole)
        #expect(job.warnings == ["unlogged table 'cache' is not protected"])
        #expect(try job.result?.decode([String: String].self) == ["backup": "20261121T020000Z-base"])
        #expect(job.createdAt == start && job.finishedAt == start + 9.25)
        #expect(reopened.opening.interruptedJobs.isEmpty && reopened.opening.setAside == nil)
        #expect(reopened.opening.isPersistent)
        #expect(try await reopened.createJob(.verify, requestedBy: "bob", at: start).id == JobID(number: 2))
        try await reopened.close()
    }

    @Test("a failure keeps its code, message, hint and what the job found out")
    func failure() async throws {
        let store = try await StateStore.inMemory(now: start)
        #expect(!store.opening.isPersistent)
        let job = try await store.createJob(.verify, requestedBy: "schedule", at: start)
        try await store.startJob(job.id, at: start)
        let failure = JobFailure(
            code: "damaged",
            message: "2 objects are damaged",
            hint: "Run: recyclicctl trigger-backup"
        )
        let ended = try await store.finishJob(
            job.id,
            .failed(failure, result: JSONText(encoding: ["damaged": 2])),
            at: start + 3
        )
        #expect(ended.state == .failed && ended.failure == failure && ended.result?.text == #"{"damaged":2}"#)
    }

    @Test("jobs that had not ended are interrupted at the next start, and it is an event")
    func interrupted() async throws {
        let store = try await open()
        let running = try await store.createJob(.drill, requestedBy: "alice", at: start)
        try await store.startJob(running.id, at: start)
        let queued = try await store.createJob(.backup, requestedBy: "alice", at: start)
        let done = try await store.createJob(.gc, requestedBy: "alice", at: start)
        try await store.startJob(done.id, at: start)
        try await store.finishJob(done.id, .succeeded(result: nil), at: start)
        #expect(try await store.unfinishedJobs().map(\.id) == [running.id, queued.id])
        try await store.close()

        let reopened = try await open(at: start + 60)
        #expect(reopened.opening.interruptedJobs == [running.id, queued.id])
        #expect(try await reopened.unfinishedJobs().isEmpty)
        let first = try #require(await reopened.job(running.id))
        #expect(first.state == .interrupted && first.finishedAt == start + 60)
        #expect(first.failure?.message == "recyclicd ended while the job was running")
        let second = try #require(await reopened.job(queued.id))
        #expect(second.failure?.message == "recyclicd ended before the job began")
        #expect(try await reopened.job(done.id)?.state == .succeeded)
        #expect(try await reopened.events().map(\.subject) == ["j2", "j1"])
        try await reopened.close()
    }

    @Test("a job goes only from one state to those that can follow it")
    func transitions() async throws {
        let store = try await StateStore.inMemory(now: start)
        let job = try await store.createJob(.backup, requestedBy: "alice", at: start)
        await #expect(throws: StateError.self) {
            try await store.finishJob(job.id, .succeeded(result: nil), at: start)
        }
        try await store.finishJob(job.id, .cancelled(), at: start)
        let error = await #expect(throws: StateError.self) { try await store.startJob(job.id, at: start) }
        #expect(error?.code == "wrongJobState")
        #expect(error?.message == "job j1 is cancelled and can't become running")
        await #expect(throws: StateError.self) { try await store.startJob(JobID(number: 77), at: start) }
        #expect(try await store.job(JobID(number: 77)) == nil)
        // Progress that comes late does not change a job that ended.
        try await store.updateJob(job.id, phase: "copying", progress: JobProgress(bytesDone: 1))
        #expect(try await store.job(job.id)?.progress.bytesDone == 0)
    }

    @Test("a cancelled task can still record how its job ended")
    func cancelledTask() async throws {
        let store = try await StateStore.inMemory(now: start)
        let job = try await store.createJob(.backup, requestedBy: "alice", at: start)
        let start = start
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            #expect(Task.isCancelled)
            try await store.startJob(job.id, at: start)
            try await store.finishJob(job.id, .cancelled(), at: start)
        }
        try await task.value
        #expect(try await store.job(job.id)?.state == .cancelled)
    }

    @Test("lists are newest first, by kind, by state, in pages")
    func lists() async throws {
        let store = try await StateStore.inMemory(now: start)
        for number in 0..<12 {
            let job = try await store.createJob(number % 3 == 0 ? .verify : .backup, requestedBy: "a", at: start)
            try await store.startJob(job.id, at: start)
            let failure = JobFailure(code: "x", message: "x")
            try await store.finishJob(
                job.id,
                number % 2 == 0 ? .succeeded(result: nil) : .failed(failure, result: nil),
                at: start
            )
        }
        let page = try await store.jobs(limit: 5)
        #expect(page.map(\.id.number) == [12, 11, 10, 9, 8])
        #expect(try await store.jobs(before: JobID(number: 8), limit: 2).map(\.id.number) == [7, 6])
        #expect(try await store.jobs(kinds: [.verify]).map(\.id.number) == [10, 7, 4, 1])
        #expect(try await store.jobs(kinds: [.verify], states: [.failed]).map(\.id.number) == [10, 4])
        #expect(try await store.lastJob(.backup, states: [.failed])?.id.number == 12)
        #expect(try await store.lastJob(.drill, states: [.failed]) == nil)
    }

    @Test(
        "job numbers are read with and without their letter, and nothing else is",
        arguments: [("j12", 12), ("12", 12), ("J3", 3), ("", nil), ("j", nil), ("j0", nil), ("j-1", nil), ("x1", nil)]
            as [(String, Int64?)]
    )
    func numbers(text: String, number: Int64?) {
        #expect(JobID(text)?.number == number)
    }
}
