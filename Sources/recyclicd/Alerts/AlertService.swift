import Alerting
import Configuration
import FoundationEssentials
import HTTPAPI
import Logging
import Monitoring
import ServiceLifecycle

/// Has the alerts look at each judgement, sends what is to be told, and tells a service outside that protection is good.
struct AlertService: Service {
    /// How often the judgement is looked at: ages go on between measurements, and what waits for its time waits for this.
    static let interval = Duration.seconds(2)

    let center: AlertCenter
    let settings: SettingsStore
    let digest: DigestWork
    /// What was measured last.
    let collection: @Sendable () async -> MonitoringRoutes.Collection?
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await center.run() }
                group.addTask { await cancelWhenGracefulShutdown { await watch() } }
                group.addTask { await cancelWhenGracefulShutdown { await ping() } }
                group.addTask { await cancelWhenGracefulShutdown { await digest.run() } }
            }
        } onGracefulShutdown: {
            center.stop()
        }
    }

    private func watch() async {
        let begun = ContinuousClock.now
        while !Task.isCancelled {
            let waited = begun.duration(to: .now) / .seconds(1)
            let report = Self.judgement(await collection(), waitedSeconds: waited, now: Date())
            if let report { await center.evaluate(report) }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// What alerts look at. When nothing is measured any more, as with a state that can't be read, the last figures go on saying
    /// that all is well: then that is what is wrong.
    ///
    /// - Parameters:
    ///   - collection: What was measured last.
    ///   - waitedSeconds: How long a first measurement has been waited for.
    ///   - now: The time.
    /// - Returns: `nil` when nothing was measured yet.
    static func judgement(
        _ collection: MonitoringRoutes.Collection?,
        waitedSeconds: Double,
        now: Date
    ) -> HealthReport? {
        guard let collection else {
            return waitedSeconds > Health.staleSeconds ? Health.unmeasured(forSeconds: waitedSeconds) : nil
        }
        return collection.facts.health(now: now, ageSeconds: collection.ageSeconds)
    }

    /// "Protection is good now" is said by the figures, not by the process.
    private func ping() async {
        var decision = DeadManPing()
        var isTroubled = false
        while !Task.isCancelled {
            let notifications = settings.current.notifications
            let sender = AlertChannels.ping(notifications)
            await center.setPinged(sender?.recipient)
            if let sender {
                let collection = await collection()
                let report = collection.map { $0.facts.health(now: Date(), ageSeconds: $0.ageSeconds) }
                let signal = decision.next(
                    level: report?.level ?? .critical,
                    figuresAgeSeconds: collection?.ageSeconds,
                    at: .now
                )
                if let signal {
                    let reasons = report?.reasons.map { "\($0.level.rawValue) \($0.code.rawValue)" } ?? []
                    let line = ([notifications.instanceName] + (reasons.isEmpty ? ["ok"] : reasons))
                    let outcome = await sender.send(signal, state: line.joined(separator: ", "))
                    decision.arrived(outcome == .delivered)
                    await note(outcome, sender.recipient, &isTroubled)
                }
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func note(_ outcome: DeliveryOutcome, _ recipient: String, _ isTroubled: inout Bool) async {
        guard !Task.isCancelled else { return }
        await center.note(ping: outcome)
        switch outcome {
        case .delivered:
            if isTroubled { logger.notice("pings reach \(recipient) again") }
            isTroubled = false
        case .failed(let failure, _), .refused(let failure):
            logger.log(
                level: isTroubled ? .debug : .warning,
                "\(recipient) could not be pinged, will retry: \(failure.message)",
                metadata: failure.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
            )
            isTroubled = true
        }
    }
}
