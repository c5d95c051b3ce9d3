import ArgumentParser
import Glibc

/// The thin client: it asks the daemon over its control socket and prints the answer.
@main
struct Recyclicctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recyclicctl",
        abstract: "Watch and drive recyclicd, which makes a PostgreSQL server provably recoverable.",
        discussion: """
            Exit codes: 0 good, 1 the thing asked failed or was found bad, 2 wrong usage, 3 the daemon is not reachable; \
            status also 4 when health is warning and 5 when it is critical.
            """,
        version: "recyclicctl \(Version.text)",
        subcommands: [
            StatusCommand.self, TriggerBackupCommand.self, BackupsCommand.self, JobsCommand.self, VerifyCommand.self,
            DrillCommand.self, RestoreCommand.self, ExportCommand.self, RetentionCommand.self, AlertsCommand.self,
            StatsCommand.self, EventsCommand.self, HistoryCommand.self,
            MetricsCommand.self, DoctorCommand.self, ReloadCommand.self,
        ]
    )

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            failure.report()
            Glibc.exit(failure.exitCode)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty { code == .success ? writeLine(text) : writeErrorLine(text) }
            Glibc.exit(code == .validationFailure ? ExitStatus.usage : code.rawValue)
        }
    }
}
