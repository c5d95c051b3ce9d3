import Blocking

/// Gives the chunks of one file in order, while threads already read those that follow.
///
/// Not Sendable: one thread asks. Whoever makes it must call ``stop()``.
final class ChunksAhead {
    /// A chunk that some thread reads.
    ///
    /// `@unchecked Sendable`: the thread that reads writes `result`, the one that waits reads it after it has taken from the
    /// queue, whose lock orders the two.
    private final class Job: @unchecked Sendable {
        let id: ChunkID
        var result: Result<[UInt8], any Error>?
        private let done = BlockingQueue<Void>(capacity: 1)

        init(_ id: ChunkID) { self.id = id }

        func finish(_ result: Result<[UInt8], any Error>) {
            self.result = result
            done.put(())
        }

        func wait() throws -> [UInt8] {
            _ = done.take()
            guard let result else { preconditionFailure("a job is finished with a result") }
            return try result.get()
        }
    }

    private var ids: ChunkIDCursor
    private let ahead: Int
    private let work: BlockingQueue<Job>
    private let threads = ThreadGroup()
    /// Oldest first.
    private var jobs: [Job] = []

    /// - Parameters:
    ///   - ids: The chunks; asked on the thread that calls ``next()``.
    ///   - workers: How many threads read; at least 1.
    ///   - makeReader: Makes the source of one thread.
    /// - Throws: What `makeReader` throws.
    init(_ ids: ChunkIDCursor, workers: Int, makeReader: () throws -> StreamChunkReader) throws {
        self.ids = ids
        ahead = workers + 1
        work = BlockingQueue(capacity: ahead)
        // All before any thread, for an error leaves none behind.
        let readers = try (0..<workers).map { _ in try makeReader() }
        for (number, reader) in readers.enumerated() {
            // This thread alone uses it.
            nonisolated(unsafe) let reader = reader
            threads.start("read chunks \(number)") { [work] in
                while let job = work.take() { job.finish(Result { try reader.read(job.id) }) }
            }
        }
    }

    /// The next chunk's bytes; `nil` after the last.
    ///
    /// - Throws: ``RepositoryError``.
    func next() throws -> [UInt8]? {
        while jobs.count < ahead, let id = try ids.next() {
            let job = Job(id)
            jobs.append(job)
            work.put(job)
        }
        return jobs.isEmpty ? nil : try jobs.removeFirst().wait()
    }

    /// Ends the threads.
    func stop() {
        work.finish()
        threads.join()
    }
}
