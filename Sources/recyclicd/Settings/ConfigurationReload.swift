import Configuration
import Logging
import State
import Systemd

/// Reads the configuration again, whoever asked for it: the service manager is told, the log, and the events.
struct ConfigurationReload: Sendable {
    let store: SettingsStore
    let notifier: ServiceNotifier
    let events: EventRecorder
    /// Takes the new configuration to those who hold the old one.
    let onChange: @Sendable (Settings) async -> Void
    let logger: Logger

    /// - Parameter author: Who asked.
    /// - Throws: ``ConfigurationRefused``; the present one stays.
    func callAsFunction(by author: String) async throws -> SettingsChange {
        do {
            let change = try notifier.reloading {
                let change = try store.reload()
                LogOutput.apply(store.current)
                return change
            }
            await onChange(store.current)
            logger.notice(
                "configuration read again",
                metadata: [LogKey.setting: "\(change.changed + change.needRestart)", LogKey.requestedBy: "\(author)"]
            )
            await events.record(Events.reloaded(change, by: author))
            return change
        } catch {
            let failure = JobFailure(error)
            var metadata: Logger.Metadata = [LogKey.requestedBy: "\(author)"]
            if let hint = failure.hint { metadata[LogKey.hint] = "\(hint)" }
            logger.log(
                .configurationRefused,
                level: .error,
                "the configuration was not taken; the present one stays: \(failure.message)",
                metadata: metadata
            )
            await events.record(Events.refused(failure, by: author))
            throw error
        }
    }
}
