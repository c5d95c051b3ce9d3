import ArgumentParser
import ControlAPI

struct TriggerBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger-backup",
        abstract: "Take a backup now, or join the one that is running.",
        discussion: "Exit codes: 0 stored (or queued, with --no-wait), 1 failed or cancelled."
    )

    @Option(
        help:
            "The kind of backup: base (the whole cluster), or dump (each database by itself, with pg_dump). Default: as BACKUP_METHOD."
    )
    var kind: String?

    @Flag(name: .customLong("no-wait"), help: "Return as soon as the backup is queued.")
    var noWait = false

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let daemon = try Daemon(options)
        let input = TriggerBackup.Input(kind: kind, wait: !noWait)
        let output = try daemon.run(TriggerBackup.self, input, isFollowed: !noWait, options, job: \.job)
        try printAnswer(output, options) { output, terminal, now in
            let backups = output.backups ?? output.backup.map { [$0] } ?? []
            let isWhole = output.job.state == "succeeded" && !backups.isEmpty
            var lines = backups.flatMap { Self.lines($0, terminal) }
            if !isWhole { lines += JobView(job: output.job, terminal: terminal, now: now).lines }
            return lines + (isWhole ? output.job.warnings.map { "  warning: \($0)" } : [])
        }
        try output.job.exitUnlessGood()
    }

    private static func lines(_ backup: Backup, _ terminal: Terminal) -> [String] {
        let database = backup.database.map { " of database \($0)" } ?? ""
        var line =
            "\(terminal.styled("stored", .good)) \(backup.id)\(database): \(SizeText.size(backup.logicalBytes)) in "
        line += "\(TimeText.wholeSeconds(backup.durationSeconds)), added \(SizeText.size(backup.addedBytes))"
        return [line] + backup.findings.map { "  \(terminal.styled("finding", .caution)): \($0.message)" }
    }
}
