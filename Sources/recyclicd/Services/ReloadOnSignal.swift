import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP.
struct ReloadOnSignal: Service {
    let reload: @Sendable (_ author: String) async throws -> SettingsChange

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // A configuration that is refused was logged; there is nobody else to tell.
            _ = try? await reload("SIGHUP")
        }
    }
}
