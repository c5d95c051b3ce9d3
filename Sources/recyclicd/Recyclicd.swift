import ArgumentParser
import Foundation

/// The daemon's program, and the subcommands that work without a running daemon.
@main
struct Recyclicd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recyclicd",
        abstract: "Make a PostgreSQL server provably recoverable.",
        discussion: """
            The daemon is driven and watched with recyclicctl. Exit codes: 0 good, 1 the thing asked failed or was found \
            bad, 2 wrong usage.
            """,
        version: "recyclicd \(Version.text)",
        subcommands: [
            ServeCommand.self, RestoreCommand.self, ExportCommand.self, VerifyCommand.self, DoctorCommand.self,
            CheckConfigCommand.self,
            SetupSQLCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty {
                let handle: FileHandle = code == .success ? .standardOutput : .standardError
                handle.write(Data((text + "\n").utf8))
            }
            Foundation.exit(code == .validationFailure ? 2 : code.rawValue)
        }
    }
}
