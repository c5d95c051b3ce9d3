import Blocking
import Configuration
import Foundation
import Monitoring
import PostgresClient
import Protection
import Repository

extension RestoreCommand {
    /// What `--json` prints of a dump that was restored.
    private struct Answer: Encodable {
        var restored: DumpRestorePreview
        var durationSeconds: Double
        var savedAs: String?
        var keptAs: String?
        var notes: [String]
    }

    /// Restores a dump into a database, or shows what that would do.
    func restoreDump(into url: String) async throws {
        ProcessArguments.hidePasswords()
        let environment = ProcessInfo.processInfo.environment
        // A repository and a URL that are named need no configuration.
        let configured: Settings? =
            source.repository == nil || file.config != nil
            ? try file.settings().settings : try? file.settings().settings
        var options = DumpRestoreOptions(
            connection: try TargetURL.connection(url, configured: configured?.connection, environment: environment)
        )
        options.replaces = replace
        options.endsSessions = force
        options.withoutOwners = noOwner
        options.withoutTablespaces = noTablespaces
        options.programs = configured?.postgres.binDirectory
        options.tool = "recyclicd \(Version.text)"
        if let configured { options.ingest = configured.ingest(excluding: []) }
        // What is written must belong to whom the repository belongs to; and a server that lets users in by their names lets
        // the daemon's in.
        try RepositoryUser.become(ownerOf: try source.path(configured: file))
        // That of who we are now.
        options.environment = ProcessInfo.processInfo.environment

        let cancellation = CancellationFlag()
        let meter = ProgressMeter(phase: "looking")
        let signals = SignalCancellation(cancellation)
        defer { signals.stop() }
        let line = ProgressLine(meter, isShown: !json && !preview)
        let (target, isPreview, handed) = (target, preview, options)
        let result: (preview: DumpRestorePreview?, done: DumpRestoreResult?)
        do {
            defer { line.stop() }
            result = try await onThread("restore", cancelling: cancellation) {
                let repository = try source.open(configured: file)
                let restore = try DumpRestore(
                    repository,
                    try repository.manifest(named: target),
                    handed,
                    cancellation: cancellation,
                    progress: meter
                )
                return isPreview ? (try restore.preview(), nil) : (nil, try restore.perform())
            }
        }
        if let preview = result.preview { try show(preview) }
        if let done = result.done { try show(done) }
    }

    private func show(_ preview: DumpRestorePreview) throws {
        if json { return try StandardOutput.writeJSON(["preview": preview]) }
        for line in RestoreText.lines(preview, replaces: replace, endsSessions: force) {
            StandardOutput.writeLine(line)
        }
    }

    private func show(_ result: DumpRestoreResult) throws {
        if json {
            return try StandardOutput.writeJSON(
                Answer(
                    restored: result.preview,
                    durationSeconds: result.durationSeconds,
                    savedAs: result.savedAs,
                    keptAs: result.keptAs,
                    notes: result.notes
                )
            )
        }
        for line in RestoreText.lines(result) { StandardOutput.writeLine(line) }
    }
}
