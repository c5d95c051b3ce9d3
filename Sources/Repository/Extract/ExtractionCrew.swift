import Blocking

/// The threads of one step of an extraction.
final class ExtractionCrew {
    private let runs: BlockingQueue<FrameRun>
    private let threads = ThreadGroup()
    private let failure = FirstFailure()
    private var isJoined = false

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - makeWorker: Makes each thread's worker, on that thread.
    init(count: Int, makeWorker: @escaping @Sendable () throws -> ExtractionWorker) {
        runs = BlockingQueue(capacity: 2 * count)
        for number in 1...count {
            threads.start("restore \(number)") { [runs, failure] in
                do {
                    let worker = try makeWorker()
                    while let run = runs.take() {
                        if failure.isSet { continue }
                        try worker.perform(run)
                    }
                } catch {
                    failure.set(error)
                    // Nobody may take what is waiting any more: let the giver go on, and stop.
                    runs.finish()
                    while runs.take() != nil {}
                }
            }
        }
    }

    /// Hands a run to the threads; waits while they have enough to do.
    ///
    /// - Throws: The first error of a thread.
    func perform(_ run: FrameRun) throws {
        if runs.put(run) { return }
        try finish()
    }

    /// Waits until all is done.
    ///
    /// - Throws: The first error of a thread.
    func finish() throws {
        abandon()
        if let error = failure.error { throw error }
    }

    /// Waits until the threads have ended, whatever became of their work.
    func abandon() {
        guard !isJoined else { return }
        isJoined = true
        runs.finish()
        threads.join()
    }
}
