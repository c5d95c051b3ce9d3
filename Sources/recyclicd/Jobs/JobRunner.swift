import Blocking
import FoundationEssentials
import Logging
import ServiceLifecycle
import State

/// Runs the daemon's jobs one after another, in the order in which they were asked for.
///
/// One at a time keeps the memory bounded and the server's disk usable, and makes two backups at once impossible. A job
/// belongs to the daemon, not to the connection that asked for it.
actor JobRunner: Service {
    private struct Entry {
        let id: JobID
        let request: JobRequest
        let meter: ProgressMeter
        let cancellation: CancellationFlag
    }

    /// How many jobs may wait; beyond it the daemon is being flooded.
    private static let maximumWaiting = 50

    private let state: StateStore
    private let logger: Logger
    private var waiting: [Entry] = []
    private var running: Entry?
    private var isDraining = false
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    init(state: StateStore, logger: Logger) {
        self.state = state
        self.logger = logger
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - Asking

    /// Queues a job, or finds the one that does the same already.
    ///
    /// - Throws: ``JobError`` when the daemon stops or too many jobs wait; ``StateError``.
    func submit(_ request: JobRequest) async throws -> JobID {
        if let same = unfinished(joinKey: request.joinKey) { return same }
        guard !isDraining else { throw JobError.stopping }
        guard waiting.count < Self.maximumWaiting else { throw JobError.tooMany(Self.maximumWaiting) }
        let detail = try JSONText(encoding: JobDetail(target: request.target))
        let job = try await state.createJob(
            request.kind,
            detail: detail,
            requestedBy: request.requestedBy,
            at: Date()
        )
        // Somebody else may have asked for the same while this job was being written down.
        if let same = unfinished(joinKey: request.joinKey) {
            try await state.finishJob(job.id, .cancelled, at: Date())
            return same
        }
        waiting.append(Entry(id: job.id, request: request, meter: ProgressMeter(), cancellation: CancellationFlag()))
        wakeUp.yield()
        return job.id
    }

    /// Asks a job to stop.
    ///
    /// - Returns: Whether it was waiting or running.
    func cancel(_ id: JobID) async throws -> Bool {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index)
            try await state.finishJob(id, .cancelled, at: Date())
            return true
        }
        guard let running, running.id == id else { return false }
        running.cancellation.cancel()
        return true
    }

    /// The progress of a running job.
    func progress(of id: JobID) -> (snapshot: ProgressSnapshot, secondsInPhase: Double)? {
        guard let running, running.id == id else { return nil }
        return running.meter.timedSnapshot
    }

    /// Whether a job of a kind waits or runs.
    func isBusy(with kind: JobKind) -> Bool {
        running?.request.kind == kind || waiting.contains { $0.request.kind == kind }
    }

    private func unfinished(joinKey: String) -> JobID? {
        if let running, running.request.joinKey == joinKey, !running.cancellation.isCancelled { return running.id }
        return waiting.first { $0.request.joinKey == joinKey }?.id
    }

    // MARK: - Working

    func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in wakeUps {
                while let entry = next() {
                    await execute(entry)
                    running = nil
                }
                if isDraining { break }
            }
        } onGracefulShutdown: {
            // The handler can't wait; the actor's own turn comes as soon as it is free.
            Task { await self.drain() }
        }
    }

    /// Lets nothing new begin and asks what runs to stop.
    private func drain() async {
        isDraining = true
        for entry in waiting { _ = try? await state.finishJob(entry.id, .cancelled, at: Date()) }
        waiting.removeAll()
        running?.cancellation.cancel()
        wakeUp.yield()
        wakeUp.finish()
    }

    private func next() -> Entry? {
        guard !isDraining, !waiting.isEmpty else { return nil }
        let entry = waiting.removeFirst()
        running = entry
        return entry
    }

    private func execute(_ entry: Entry) async {
        var logger = logger
        logger[metadataKey: LogKey.job] = "\(entry.id)"
        let context = JobContext(
            id: entry.id,
            meter: entry.meter,
            cancellation: entry.cancellation,
            logger: logger
        )
        logger.info(
            "\(entry.request.kind.rawValue) began",
            metadata: [LogKey.requestedBy: "\(entry.request.requestedBy)"]
        )
        do {
            try await state.startJob(entry.id, at: Date())
            let result = try await recordingProgress(of: entry) { try await entry.request.work(context) }
            // The work is done; that a remark on it can't be kept does not undo it.
            for warning in result.warnings { try? await state.addWarning(warning, to: entry.id) }
            let outcome: JobOutcome =
                if let badNews = result.badNews {
                    .failed(badNews, result: try JobRecord(result).text)
                } else {
                    .succeeded(result: try JobRecord(result).text)
                }
            try await finish(entry, outcome, logger)
        } catch is CancellationError {
            await finishSafely(entry, .cancelled, logger)
        } catch  where entry.cancellation.isCancelled {
            // What a cancelled job runs into while it stops is not news.
            logger.debug("ended by cancellation", metadata: [LogKey.error: "\(error)"])
            await finishSafely(entry, .cancelled, logger)
        } catch {
            await finishSafely(entry, .failed(JobFailure(error), result: nil), logger)
        }
    }

    private func finishSafely(_ entry: Entry, _ outcome: JobOutcome, _ logger: Logger) async {
        do {
            try await finish(entry, outcome, logger)
        } catch {
            logger.error("the end of a job could not be recorded", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func finish(_ entry: Entry, _ outcome: JobOutcome, _ logger: Logger) async throws {
        let snapshot = entry.meter.snapshot
        try await state.finishJob(entry.id, outcome, progress: JobProgress(snapshot), at: Date())
        let kind = entry.request.kind.rawValue
        switch outcome {
        case .succeeded: logger.info("\(kind) succeeded")
        case .cancelled: logger.notice("\(kind) was cancelled")
        case .failed(let failure, _):
            logger.error(
                "\(kind) failed: \(failure.message)",
                metadata: failure.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
            )
        }
    }

    /// Writes the progress down every few seconds, so that a killed daemon knows afterwards how far the job was.
    private func recordingProgress(
        of entry: Entry,
        _ work: @escaping @Sendable () async throws -> JobResult
    ) async throws -> JobResult {
        let state = state
        return try await withThrowingTaskGroup(of: JobResult?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(5))
                    let snapshot = entry.meter.snapshot
                    try? await state.updateJob(entry.id, phase: snapshot.phase, progress: JobProgress(snapshot))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
