import ArgumentParser
import ControlAPI

struct BackupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backups",
        abstract: "List backups, show one, protect or delete one.",
        subcommands: [List.self, Show.self, Pin.self, Unpin.self, Delete.self],
        defaultSubcommand: List.self
    )

    /// Names a backup.
    struct Target: ParsableArguments {
        @Argument(help: "A backup: its id, a unique prefix of it, its file name, or latest.")
        var id: String
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the backups, newest first.")
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(ListBackups.self, .init())
            try printAnswer(output, options) { output, _, now in BackupView.table(output.backups, now: now) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all that is known of one backup.")
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(GetBackup.self, .init(id: target.id))
            try printAnswer(output, options) { BackupView.lines($0.details, terminal: $1, now: $2) }
        }
    }

    struct Pin: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep a backup whatever retention says.")
        @OptionGroup var target: Target
        @Option(help: "Why it is kept; shown in the list.") var reason: String?
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(PinBackup.self, .init(id: target.id, reason: reason))
            try printAnswer(output, options) { output, _, _ in ["pinned \(output.backup.id)"] }
        }
    }

    struct Unpin: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Leave a pinned backup to retention again.")
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(UnpinBackup.self, .init(id: target.id))
            try printAnswer(output, options) { output, _, _ in ["unpinned \(output.backup.id)"] }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete one backup.",
            discussion: "No other backup is touched. Space is free again after the grace period of 24 hours."
        )
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(DeleteBackup.self, .init(id: target.id))
            try printAnswer(output, options) { output, _, _ in
                ["deleted \(output.backup.id); what only it needed is removed after 24 hours"]
            }
        }
    }
}
