import ArgumentParser
import Blocking
import Foundation
import Monitoring
import Protection
import Repository

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a backup: a base backup into a folder, a dump into a database. Needs no daemon.",
        discussion: """
            --to: the folder must be new or empty; nothing is ever overwritten, and a restore that fails leaves nothing. A stock \
            PostgreSQL of the same major version starts on the result.

            --into: a new database is made; one that exists and is not empty is replaced with --replace only, dumped into the \
            repository before that, and kept under another name. A restore that fails leaves the server as it was, or \
            says what it could not take away. \
            postgresql:///NAME takes all but the name from the configuration, env:NAME takes the URL from a variable of the \
            environment, where other users can't read it.

            Exit codes: 0 restored (or could be, with --preview), 1 not.
            """
    )

    @Argument(help: "A backup: its id, a unique prefix of it, its file name, or latest, which --into does not take.")
    var target = "latest"
    @Option(name: .customLong("to"), help: ArgumentHelp("The folder to restore a base backup into.", valueName: "dir"))
    var to: String?
    @Option(help: ArgumentHelp("The database to restore a dump into: postgresql://USER@HOST/NAME.", valueName: "url"))
    var into: String?
    @Flag(help: "With --into: replace a database that exists; it is dumped first, and kept under another name.")
    var replace = false
    @Flag(help: "With --into: end the sessions in the database that is replaced.")
    var force = false
    @Flag(help: "With --into: everything belongs to the role of the URL, and no rights are given.")
    var noOwner = false
    @Flag(help: "With --into: everything lies where the server puts it by default, in no tablespace of its own.")
    var noTablespaces = false
    @Flag(help: "Only show what would be restored.")
    var preview = false
    @Option(help: ArgumentHelp("Who the files will belong to (default: postgres when run by root).", valueName: "user"))
    var owner: String?
    @Option(
        help: ArgumentHelp(
            "Where a tablespace goes: its original folder or OID, and the new folder. May be repeated.",
            valueName: "old=new"
        )
    )
    var tablespace: [String] = []
    @OptionGroup var source: OfflineRepositoryOption
    @OptionGroup var file: ConfigurationFileOption
    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    /// What `--json` prints of a restore that was done.
    private struct Answer: Encodable {
        var restored: RestorePreview
        var durationSeconds: Double
        var next: [String]
    }

    func validate() throws {
        guard (to == nil) != (into == nil) else {
            throw ValidationError("give either --to DIR, for a base backup, or --into URL, for a dump")
        }
        // The newest dump is one of any database, and after --replace that of what was just thrown away.
        if into != nil, target == "latest" {
            throw ValidationError("--into needs the id of a dump: 'recyclicctl backups' lists them")
        }
        if into == nil, replace || force || noOwner || noTablespaces {
            throw ValidationError("--replace, --force, --no-owner and --no-tablespaces go with --into")
        }
        if to == nil, owner != nil || !tablespace.isEmpty {
            throw ValidationError("--owner and --tablespace go with --to")
        }
        if force, !replace { throw ValidationError("--force goes with --replace") }
    }

    func run() async throws {
        do {
            if let into { return try await restoreDump(into: into) }
            let result = try await restore(to: to ?? "")
            if let result { try show(result) }
        } catch {
            StandardOutput.report(error, asJSON: json)
            throw ExitCode(1)
        }
    }

    private func restore(to: String) async throws -> RestoreResult? {
        let cancellation = CancellationFlag()
        let meter = ProgressMeter(phase: "planning")
        let signals = SignalCancellation(cancellation)
        defer { signals.stop() }
        let options = RestoreOptions(
            target: to.hasPrefix("/") ? to : FileManager.default.currentDirectoryPath + "/" + to,
            owner: owner,
            tablespaces: try tablespace.map(TablespaceMapping.init(parsing:))
        )
        let line = ProgressLine(meter, isShown: !json && !preview)
        defer { line.stop() }
        return try await onThread("restore", cancelling: cancellation) {
            let repository = try source.open(configured: file)
            let manifest = try repository.manifest(named: target)
            let contents = try BackupContents(
                repository: repository,
                manifest: manifest,
                cancellation: cancellation
            )
            let restore = Restore(contents, options: options)
            let plan = try restore.plan()
            guard !preview else {
                try show(plan.preview)
                return nil
            }
            return try restore.perform(
                plan,
                workers: max(2, ProcessInfo.processInfo.activeProcessorCount),
                cancellation: cancellation,
                progress: meter
            )
        }
    }

    private func show(_ preview: RestorePreview) throws {
        if json { return try StandardOutput.writeJSON(["preview": preview]) }
        for line in RestoreText.lines(preview) { StandardOutput.writeLine(line) }
    }

    private func show(_ result: RestoreResult) throws {
        let next = result.advice(programs: ServerPrograms.folder(major: result.preview.majorVersion))
        if json {
            return try StandardOutput.writeJSON(
                Answer(restored: result.preview, durationSeconds: result.seconds, next: next)
            )
        }
        let size = HumanText.size(result.preview.logicalBytes)
        StandardOutput.writeLine(
            "restored \(result.preview.backup) to \(result.preview.target): \(size), "
                + "\(result.preview.files) files, in \(HumanText.duration(result.seconds)); every chunk was checked"
        )
        for change in result.settingsChanged {
            StandardOutput.writeLine("  setting changed: \(RestoreText.text(change))")
        }
        StandardOutput.writeLine("next:")
        for line in next { StandardOutput.writeLine("  \(line)") }
    }
}
