import ArgumentParser
import Blocking
import ControlAPI
import Foundation
import Monitoring
import Repository

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a repository without a daemon.",
        discussion: """
            Reads every object of the backups, compares it with its name, decodes every chunk, and names each damaged object \
            with the backups it affects. It knows nothing of earlier runs, so it is always as thorough as with --full. Exit \
            codes: 0 good, 1 damage was found or the check failed.
            """
    )

    @Argument(help: "A backup, latest or all.")
    var target = "all"
    @Flag(help: "Read everything. So it does in any case; here for recyclicctl's sake.")
    var full = false
    @OptionGroup var source: OfflineRepositoryOption
    @OptionGroup var file: ConfigurationFileOption
    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    /// What `--json` prints: the same as recyclicctl's, without a job.
    private struct Answer: Encodable {
        var report: ControlAPI.VerifyReport
    }

    func run() async throws {
        let report: ControlAPI.VerifyReport
        do {
            report = try await verify()
        } catch {
            StandardOutput.report(error, asJSON: json)
            throw ExitCode(1)
        }
        if json {
            try StandardOutput.writeJSON(Answer(report: report))
        } else {
            for line in Self.lines(report) { StandardOutput.writeLine(line) }
        }
        if !report.ok { throw ExitCode(1) }
    }

    private func verify() async throws -> ControlAPI.VerifyReport {
        let started = Date()
        let cancellation = CancellationFlag()
        let signals = SignalCancellation(cancellation)
        defer { signals.stop() }
        let meter = ProgressMeter()
        let line = ProgressLine(meter, isShown: !json)
        defer { line.stop() }
        let report = try await onThread("verify", cancelling: cancellation) {
            let repository = try source.open(configured: file)
            let lock = try repository.lockForReading(patience: .seconds(10), cancellation: cancellation)
            defer { lock.release() }
            let scratch = FileManager.default.temporaryDirectory.path
            Verifier.removeLeftovers(in: scratch, isShared: true)
            let options = VerifyOptions(
                backups: target == "all" ? nil : [try repository.listing().resolve(target).summary],
                isFull: full,
                scratchFolder: scratch,
                cancellation: cancellation,
                progress: meter
            )
            return try Verifier(repository, options: options).run()
        }
        return VerifyDescription.describe(report, full: full, started: started)
    }

    private static func lines(_ report: ControlAPI.VerifyReport) -> [String] {
        let scope = HumanText.count(report.backups.count, "backup")
        let read =
            "\(HumanText.count(Int(report.checkedObjects), "object")), \(HumanText.size(report.checkedBytes)) read"
        var lines = ["\(report.ok ? "good" : "DAMAGED"): \(scope), \(read)"]
        for object in report.damaged {
            lines.append("  \(object.name): \(object.reason)")
            let affected = object.affects.isEmpty ? "no backup" : object.affects.joined(separator: ", ")
            lines.append("    affects \(affected)")
        }
        return lines + report.notes.map { "  note: \($0)" }
    }
}
