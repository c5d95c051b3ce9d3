import Blocking
import Configuration
import Foundation
import Logging
import Protection
import ServiceLifecycle
import State
import Synchronization

/// Finds out what protects the server: with `BACKUP_METHOD=auto` that is what the server allows.
final class MethodWatch: Service {
    /// How often a server that refuses base backups is asked again.
    private static let interval = Duration.seconds(300)

    private let settings: SettingsStore
    private let monitor: DatabaseMonitor
    private let state: StateStore
    private let logger: Logger
    private let decision: Mutex<BackupMethodDecision?>
    /// Whether the server was asked since the daemon began.
    private let wasAsked = Mutex(false)

    /// - Parameter remembered: What was found before the last end of the daemon: schedules go on by it until the server was asked.
    init(
        settings: SettingsStore,
        monitor: DatabaseMonitor,
        state: StateStore,
        remembered: BackupMethodDecision?,
        logger: Logger
    ) {
        decision = Mutex(remembered)
        self.settings = settings
        self.monitor = monitor
        self.state = state
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let isKnown = await self.find()
                try? await Task.sleep(for: isKnown ? Self.interval : .seconds(2))
            }
        }
    }

    /// What protects, as far as is known; base backups until something else is.
    var current: BackupMethodDecision {
        let wish = wish
        let known = decision.withLock { $0 }
        if wish == .auto { return known ?? BackupMethodDecision(.base) }
        return .decide(wish, wasBasePossible: false, answer: .unknown, previous: known)
    }

    /// What protects; asks the server when it was not asked yet.
    func decided() async -> BackupMethodDecision {
        if wish == .auto, !wasAsked.withLock({ $0 }) { _ = await find() }
        return current
    }

    /// The system identifier of the server, as it was last seen; `nil` before.
    func cluster() async -> String? {
        await cluster(monitor.freshObservation())
    }

    /// The system identifier of the server, as it was last seen, be it before the last end of the daemon; `nil` when it never was.
    func cluster(_ observation: DatabaseMonitor.Observation) async -> String? {
        let known = try? await state.value(.seenCluster)
        guard let cluster = observation.identity?.systemIdentifier else {
            if let known { return known }
            return (try? await state.value(.knownCluster))?.systemIdentifier
        }
        if cluster != known { try? await state.set(.seenCluster, to: cluster) }
        return cluster
    }

    private var wish: BackupMethodDecision.Wish {
        BackupMethodDecision.Wish(rawValue: settings.current.backup.method.rawValue) ?? .auto
    }

    /// Asks the server, unless base backups of it were possible before.
    ///
    /// - Returns: Whether it is known now.
    private func find() async -> Bool {
        guard wish == .auto else { return true }
        let observation = await monitor.freshObservation()
        guard observation.trouble == nil, let identity = observation.identity else { return false }
        let cluster = identity.systemIdentifier
        // A base backup that was taken says so too, should this be forgotten.
        let possible = (try? await state.value(.baseBackupsPossible)) == cluster
        let taken = (try? await state.value(.knownCluster))?.systemIdentifier == cluster
        var answer = BackupMethodDecision.Answer.unknown
        if !possible && !taken {
            let connection = settings.current.connection
            let cancellation = CancellationFlag()
            let asked = try? await onThread("method", cancelling: cancellation) {
                try BaseBackupProbe.ask(connection, cancellation: cancellation)
            }
            answer = asked ?? .unknown
        }
        if answer == .possible || taken && !possible { try? await state.set(.baseBackupsPossible, to: cluster) }
        let previous = decision.withLock { $0 }
        if answer == .unknown, !possible, !taken { return false }
        let found = BackupMethodDecision.decide(
            .auto,
            wasBasePossible: possible || taken,
            answer: answer,
            previous: previous
        )
        decision.withLock { $0 = found }
        wasAsked.withLock { $0 = true }
        if found != previous { try? await state.set(.methodDecision, to: found) }
        if found.method != previous?.method, found.method == .dump {
            logger.notice(
                "base backups are not possible, so each database is dumped by itself: \(found.reason ?? "")",
                metadata: found.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
            )
        }
        return true
    }
}

extension StateKey where Value == BackupMethodDecision {
    /// What was found to protect the server.
    static var methodDecision: StateKey<BackupMethodDecision> { StateKey("methodDecision") }
}
