import ArgumentParser
import Blocking
import Foundation
import Monitoring
import Protection
import Repository

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a dump to a plain file for pg_restore; needs neither a daemon nor a database.",
        discussion: """
            The file gets its name when all of it is there; nothing is ever overwritten, and only its owner can read it. With \
            --to - it goes to standard output. Exit codes: 0 written, 1 not.
            """
    )

    @Argument(help: "A dump: its id, a unique prefix of it, or its file name.")
    var target: String
    @Option(help: ArgumentHelp("The file to write, or - for standard output.", valueName: "file"))
    var to: String
    @Flag(help: "Write the SQL that makes roles and tablespaces instead, for psql on a new server.")
    var globals = false
    @OptionGroup var source: OfflineRepositoryOption
    @OptionGroup var file: ConfigurationFileOption
    @Flag(help: "Print JSON with stable keys instead of text; not with --to -.")
    var json = false

    private struct Answer: Encodable {
        var backup: String
        var database: String
        var file: String
        var bytes: Int64
    }

    func validate() throws {
        if to == "-", json { throw ValidationError("--json and --to - both want standard output") }
        if to.isEmpty { throw ValidationError("--to names no file") }
    }

    func run() async throws {
        do {
            try await export()
        } catch {
            StandardOutput.report(error, asJSON: json)
            throw ExitCode(1)
        }
    }

    private func export() async throws {
        let cancellation = CancellationFlag()
        let meter = ProgressMeter(phase: "exporting")
        let signals = SignalCancellation(cancellation)
        defer { signals.stop() }
        let isPiped = to == "-"
        if isPiped { signal(SIGPIPE, SIG_DFL) }
        let path = to.hasPrefix("/") ? to : FileManager.default.currentDirectoryPath + "/" + to
        let line = ProgressLine(meter, isShown: !json && !isPiped)
        let (target, globals) = (target, globals)
        let written: (manifest: BackupManifest, bytes: Int64)
        do {
            defer { line.stop() }
            written = try await onThread("export", cancelling: cancellation) {
                let repository = try source.open(configured: file)
                let manifest = try repository.manifest(named: target)
                let export = try DumpExport(
                    repository,
                    manifest,
                    globals ? .globals : .database,
                    cancellation: cancellation,
                    progress: meter
                )
                return (manifest, isPiped ? try export.write(toDescriptor: STDOUT_FILENO) : try export.write(to: path))
            }
        }
        guard !isPiped else { return }
        let database = written.manifest.dump?.database ?? ""
        if json {
            let id = written.manifest.id.description
            return try StandardOutput.writeJSON(
                Answer(backup: id, database: database, file: path, bytes: written.bytes)
            )
        }
        StandardOutput.writeLine(
            "wrote \(path): \(HumanText.size(written.bytes)), "
                + (globals ? "the roles beside database \(database)" : "database \(database)")
                + "; every chunk was checked"
        )
        let quoted = "'\(path.replacing("'", with: #"'\''"#))'"
        guard globals else { return StandardOutput.writeLine("next: pg_restore -d NEW_DATABASE \(quoted)") }
        StandardOutput.writeLine("next, on a new server: psql -d postgres -f \(quoted)")
        StandardOutput.writeLine(
            "on one that has roles run only the lines of those that it lacks: the others set passwords and rights back"
        )
    }
}
