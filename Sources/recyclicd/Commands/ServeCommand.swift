import ArgumentParser
import CLinux
import Configuration
import Foundation
import Logging
import Systemd

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the daemon in the foreground.",
        discussion: """
            RUNTIME_DIRECTORY and STATE_DIRECTORY, as systemd sets them, say where the control socket and the state lie; \
            with both set it runs anywhere, as any user. SIGTERM ends it within 25 seconds, SIGHUP reads the configuration \
            again. Exit codes: 0 ended by a signal, 1 it could not run, 78 the configuration was refused.
            """
    )

    /// sysexits.h: trying again would not help. The units don't start the daemon afresh after it.
    private static let configurationRefused = ExitCode(78)

    @OptionGroup var file: ConfigurationFileOption

    func run() async throws {
        // Each arena keeps freed memory of its own; two are enough and keep the peak low.
        _ = linux_limit_malloc_arenas(2)
        signal(SIGPIPE, SIG_IGN)
        let environment = ProcessInfo.processInfo.environment
        LogOutput.begin(environment: environment)
        let logger = Logger(label: "recyclicd")

        let result = ConfigurationLoader.load(file: file.config, environment: environment)
        for finding in result.findings where finding.severity == .warning {
            logger.warning(
                "\(finding.summary)",
                metadata: finding.hint.isEmpty ? [:] : [LogKey.hint: "\(finding.hint)"]
            )
        }
        guard let settings = result.settings else {
            for finding in result.errors {
                let hint: Logger.Metadata = finding.hint.isEmpty ? [:] : [LogKey.hint: "\(finding.hint)"]
                logger.log(.configurationRefused, level: .error, "\(finding.summary)", metadata: hint)
            }
            Self.sendWaitingAway()
            throw Self.configurationRefused
        }
        let store = SettingsStore(settings, findings: result.findings, file: file.config, environment: environment)
        do {
            let daemon = try await Daemon.build(settings: store, logger: logger)
            try await daemon.run()
        } catch {
            logger.critical("recyclicd can't run: \(error)")
            throw ExitCode(1)
        }
    }

    /// Ends the calls that wait at the socket that systemd holds: each that is left would start the daemon again at once, which
    /// refuses the same configuration again.
    private static func sendWaitingAway() {
        let socket = try? InheritedDescriptor.controlSocket(among: InheritedDescriptor.ofThisProcess())
        socket?.closeWaiting()
    }
}
