import Blocking
import FoundationEssentials
import Logging
import ServiceLifecycle
import State
import Synchronization

/// Carries on with the state file when it could not be opened at the start and can be later: mending a disk needs no restart.
final class StateRecovery: Service {
    private let state: StateStore
    private let folder: String
    private let events: EventRecorder
    private let logger: Logger
    private let interval: Duration
    /// Has what is known measured anew.
    private let onRecovery: @Sendable () -> Void
    /// Keeps other daemons out of the folder as long as this one lives; `nil` until it can.
    private let lock: Mutex<StateFolderLock?>
    /// Why the last attempt failed: each reason is told once.
    private let told = Mutex<String?>(nil)

    init(
        state: StateStore,
        folder: String,
        lock: StateFolderLock?,
        events: EventRecorder,
        logger: Logger,
        interval: Duration = .seconds(60),
        onRecovery: @escaping @Sendable () -> Void
    ) {
        self.state = state
        self.folder = folder
        self.lock = Mutex(lock)
        self.events = events
        self.logger = logger
        self.interval = interval
        self.onRecovery = onRecovery
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !self.state.opening.isPersistent {
                try? await Task.sleep(for: self.interval)
                if Task.isCancelled { break }
                await self.attempt()
            }
        }
        // A service that returns ends the daemon; this one has nothing more to do.
        try? await gracefulShutdown()
    }

    /// Tries it once.
    func attempt() async {
        do {
            try await onThread("state lock") { try self.takeLock() }
            guard let written = try await state.carryOn(directory: folder, now: Date()) else { return }
            await tell(written)
            onRecovery()
        } catch {
            let reason = "\(error)"
            let isNews = told.withLock { told in
                defer { told = reason }
                return told != reason
            }
            logger.log(
                level: isNews ? .warning : .debug,
                "the state is still kept in memory, for its file can't be carried on with",
                metadata: [LogKey.error: "\(reason)"]
            )
        }
    }

    private func takeLock() throws {
        try lock.withLock { lock in
            if lock == nil { lock = try StateFolderLock(folder) }
            guard lock != nil else { throw FolderError(path: folder, reason: "its lock can't be written") }
        }
    }

    private func tell(_ written: [String: Int]) async {
        let opening = state.opening
        if let aside = opening.setAside {
            logger.log(
                .stateSetAside,
                level: .error,
                "the state could not be read and was set aside: \(aside.reason)",
                metadata: [LogKey.path: "\(aside.path)"]
            )
        }
        for job in opening.interruptedJobs {
            logger.warning("\(job) was interrupted when the daemon ended", metadata: [LogKey.job: "\(job)"])
        }
        let tables = ["jobs", "events", "drills", "alerts"].compactMap { table in
            written[table].map { "\($0) \(table)" }
        }
        let message =
            "the state file can be opened: what was kept in memory since recyclicd was started is in it"
            + (tables.isEmpty ? "" : " (\(tables.joined(separator: ", ")))")
            + (opening.setAside == nil ? ", and nothing is forgotten" : ", which was begun anew")
        logger.notice("\(message)", metadata: [LogKey.path: "\(folder)"])
        await events.record(EventDraft(.stateRecovered, .info, message))
    }
}
