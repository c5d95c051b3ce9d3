import Configuration
import Foundation
import Logging
import Protection
import Repository
import ServiceLifecycle
import State

/// Takes the first backup of the kind that protects, as soon as there is a server to take it of, without waiting for the
/// schedule. One of the other kind, or of another server, does not take its place.
struct FirstBackup: Service {
    let settings: SettingsStore
    let repository: RepositoryHolder
    let monitor: DatabaseMonitor
    let state: StateStore
    /// What protects the server.
    let method: @Sendable () async -> BackupMethodDecision.Method
    /// Submits a backup of the kind that the method needs.
    let submit: @Sendable (BackupMethodDecision.Method) async throws -> Void
    let logger: Logger
    /// How long to wait when it could not be started.
    var retryInterval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if await isDone() { break }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        // A service that returns ends the daemon; this one has nothing more to do.
        try? await gracefulShutdown()
    }

    /// Starts it if it is time to; whether there is nothing more to do.
    func isDone() async -> Bool {
        guard settings.current.backup.onFirstStart else { return true }
        let observation = await monitor.observation
        guard observation.wasAsked, observation.trouble == nil else { return false }
        do {
            let method = await method()
            let (job, kind): (JobKind, BackupKind) = method == .base ? (.backup, .base) : (.dump, .dump)
            // An earlier attempt that failed is repeated by the scheduler.
            let states: Set<JobState> = [.succeeded, .failed, .interrupted]
            if try await !state.jobs(kinds: [job], states: states, limit: 1).isEmpty { return true }
            let cluster = observation.identity?.systemIdentifier
            let isThere = try await repository.use { repository in
                try repository.backups().contains {
                    $0.id.kind == kind && (cluster == nil || $0.summary.cluster == cluster)
                }
            }
            guard !isThere else { return true }
            try await submit(method)
            return true
        } catch {
            logger.error("the first backup could not be started, will retry in \(retryInterval): \(error)")
            try? await Task.sleep(for: retryInterval)
            return false
        }
    }
}
