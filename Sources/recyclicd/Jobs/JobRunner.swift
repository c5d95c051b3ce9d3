import Blocking
import FoundationEssentials
import Logging
import ServiceLifecycle
import State
import Systemd

/// Runs the daemon's jobs one after another, in the order in which they were asked for.
///
/// One at a time keeps the memory bounded and the server's disk usable, and makes two backups at once impossible. A job
/// belongs to the daemon, not to the connection that asked for it. How it ended is kept here until the state has recorded it,
/// for the state may lie on the very disk that is full.
actor JobRunner: Service {
    private struct Entry {
        let id: JobID
        let request: JobRequest
        let meter: ProgressMeter
        let cancellation: CancellationFlag
        /// Who asked it to stop.
        var canceller: String?
    }

    /// How many jobs may wait; beyond it the daemon is being flooded.
    private static let maximumWaiting = 50
    /// Who cancels when the daemon is stopped.
    private static let stop = "recyclicd, which was stopped"
    /// How long to wait before recording again what could not be recorded.
    private static let recordingInterval = Duration.seconds(5)

    private let state: StateStore
    private let events: EventRecorder
    private let logger: Logger
    /// Beats while jobs can be asked for and be recorded, whatever the running one takes.
    private let heart: Heartbeats.Heart?
    /// Told of each job's end.
    private let onEnd: @Sendable () -> Void
    private var waiting: [Entry] = []
    private var running: Entry?
    /// The ends of jobs that could not be recorded yet.
    private var unrecorded: [JobID: JobEnding] = [:]
    private var isDraining = false
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    init(
        state: StateStore,
        events: EventRecorder,
        logger: Logger,
        heart: Heartbeats.Heart? = nil,
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        self.onEnd = onEnd
        self.heart = heart
        self.state = state
        self.events = events
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
            await end(job.id, .cancelled(), logger)
            return same
        }
        // The daemon may have begun to stop as well: then nobody would come for it.
        guard !isDraining else {
            await end(job.id, .cancelled(), logger)
            throw JobError.stopping
        }
        waiting.append(Entry(id: job.id, request: request, meter: ProgressMeter(), cancellation: CancellationFlag()))
        wakeUp.yield()
        return job.id
    }

    /// Asks a job to stop.
    ///
    /// - Parameters:
    ///   - id: The job.
    ///   - author: Who asks.
    /// - Returns: Whether it was waiting or running.
    func cancel(_ id: JobID, by author: String) async throws -> Bool {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            let entry = waiting.remove(at: index)
            await events.record(JobEvents.drafts(id, entry.request.kind, .cancelled(), cancelledBy: author))
            await end(id, .cancelled(), logger)
            return true
        }
        guard let running, running.id == id else { return false }
        if running.canceller == nil { self.running?.canceller = author }
        running.cancellation.cancel()
        return true
    }

    /// The progress of a running job.
    func progress(of id: JobID) -> (snapshot: ProgressSnapshot, secondsInPhase: Double)? {
        guard let running, running.id == id else { return nil }
        return running.meter.timedSnapshot
    }

    /// How a job ended that the state still has as unfinished; `nil` for all others.
    func ending(of id: JobID) -> JobEnding? { unrecorded[id] }

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
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.work() }
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: Self.recordingInterval)
                        await self.recordEndings()
                        self.heart?.beat()
                    }
                }
                await group.next()
                group.cancelAll()
            }
            await recordEndings()
        } onGracefulShutdown: {
            // The handler can't wait; the actor's own turn comes as soon as it is free.
            Task { await self.drain() }
        }
    }

    private func work() async {
        for await _ in wakeUps {
            while let entry = next() {
                await execute(entry)
                // Else the memory that one kind of job was done with would add to the next one's peak.
                ProcessMemory.giveBack()
                running = nil
            }
            if isDraining { break }
        }
    }

    /// Lets nothing new begin and asks what runs to stop.
    private func drain() async {
        isDraining = true
        let dropped = waiting
        waiting.removeAll()
        if running?.canceller == nil { running?.canceller = Self.stop }
        running?.cancellation.cancel()
        for entry in dropped {
            await events.record(JobEvents.drafts(entry.id, entry.request.kind, .cancelled(), cancelledBy: Self.stop))
            await end(entry.id, .cancelled(), logger)
        }
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
        logger.debug(
            "\(entry.request.kind.rawValue) began",
            metadata: [LogKey.requestedBy: "\(entry.request.requestedBy)"]
        )
        let outcome: JobOutcome
        var told: [EventDraft] = []
        do {
            try await state.startJob(entry.id, at: Date())
            let result = try await recordingProgress(of: entry) { try await entry.request.work(context) }
            told = result.events
            // The work is done; that a remark on it can't be kept does not undo it.
            for warning in result.warnings { try? await state.addWarning(warning, to: entry.id) }
            let record = try JobRecord(result).text
            outcome =
                result.wasCancelled
                ? .cancelled(result: record)
                : result.badNews.map { .failed($0, result: record) } ?? .succeeded(result: record)
        } catch is CancellationError {
            outcome = .cancelled()
        } catch  where entry.cancellation.isCancelled {
            // What a cancelled job runs into while it stops is not news.
            logger.debug("ended by cancellation", metadata: [LogKey.error: "\(error)"])
            outcome = .cancelled()
        } catch {
            outcome = .failed(JobFailure(error), result: nil)
        }
        // Before its end, so that whoever waits for that finds them.
        let canceller = running?.canceller
        await events.record(
            JobEvents.drafts(entry.id, entry.request.kind, outcome, told: told, cancelledBy: canceller)
        )
        await end(entry.id, outcome, progress: JobProgress(entry.meter.snapshot), logger)
        EndedJob(kind: entry.request.kind, outcome: outcome, requestedBy: entry.request.requestedBy).log(to: logger)
    }

    /// Records a job's end, now or as soon as it can be.
    private func end(
        _ id: JobID,
        _ outcome: JobOutcome,
        progress: JobProgress? = nil,
        _ logger: Logger
    ) async {
        let ending = JobEnding(outcome: outcome, progress: progress, finishedAt: Date())
        defer { onEnd() }
        do {
            try await ending.record(of: id, in: state)
        } catch {
            unrecorded[id] = ending
            logger.error(
                "the end of a job could not be recorded, will retry in \(Self.recordingInterval)",
                metadata: [LogKey.job: "\(id)", LogKey.error: "\(error)"]
            )
        }
    }

    private func recordEndings() async {
        for (id, ending) in unrecorded {
            do {
                try await ending.record(of: id, in: state)
                unrecorded[id] = nil
            } catch {
                logger.debug("the end of a job can still not be recorded", metadata: [LogKey.error: "\(error)"])
            }
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
