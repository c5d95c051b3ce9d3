import Blocking
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP.
struct ReloadOnSignal: Service {
    let reload: @Sendable (_ author: String) async throws -> SettingsChange
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                let change = try await reload("SIGHUP")
                logger.notice(
                    "configuration read again",
                    metadata: [LogKey.setting: "\(change.changed + change.needRestart)"]
                )
            } catch let error as any OperatorError {
                logger.error(
                    "the configuration was not taken; the present one stays: \(error.message)",
                    metadata: error.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
                )
            } catch {
                logger.error("the configuration was not taken; the present one stays: \(error)")
            }
        }
    }
}
