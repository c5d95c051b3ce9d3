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
        while !Task.isCancelled {
            if let facts = await collection()?.facts { await center.evaluate(facts.health(now: Date())) }
            try? await Task.sleep(for: Self.interval)
        }
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
                let report = collection?.facts.health(now: Date())
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
