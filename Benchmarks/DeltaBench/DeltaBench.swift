import ArgumentParser
import CLinux
import Foundation
import PostgresClient

/// Plays days of updates and backups, side by side for several delta policies, and prints a Markdown table.
@main
struct DeltaBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delta-bench",
        abstract: "Compare delta policies over days of updates, with retention 7/4/12."
    )

    @Option(help: "The folder of the server's socket; the user is postgres.")
    var host: String
    @Option(help: "An empty folder for the repositories.")
    var folder: String
    @Option(help: "How many days.")
    var days = 30
    @Option(name: .customLong("each-day"), help: "A shell command that changes the database.")
    var eachDay: String
    @Option(name: .customLong("policy"), parsing: .upToNextOption, help: "DEPTH:FRACTION:JITTER or whole; several.")
    var policies: [PolicyArgument]

    func run() throws {
        // As recyclicd itself does.
        _ = linux_limit_malloc_arenas(2)
        let connection = ConnectionSettings(host: host, user: "postgres", database: "postgres")
        let runs = try policies.map { try PolicyRun($0, folder: folder, connection: connection) }
        for day in 1...days {
            if day > 1 { try changeDatabase() }
            for run in runs {
                try run.take(day: day)
                if day == 1 || day == days { try run.restore(day: day) }
            }
            let added = runs.map { "\($0.argument.name) \(mebibytes($0.added[day - 1]))" }.joined(separator: ", ")
            FileHandle.standardError.write(Data("day \(day): MiB added: \(added)\n".utf8))
        }
        print(
            """
            | depth : fraction : jitter | first day MiB | days 2 to \(days) added MiB | worst day MiB | last day MiB \
            | repository after day \(days) MiB | backups kept | a day's backup, CPU s (median) \
            | restore day 1, wall / CPU s | restore day \(days), wall / CPU s |
            |---|---|---|---|---|---|---|---|---|---|
            """
        )
        for run in runs { print(row(run)) }
    }

    private func changeDatabase() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", eachDay]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ValidationError("the day's command failed") }
    }

    private func row(_ run: PolicyRun) -> String {
        let daily = run.added.dropFirst()
        let processor = run.backups.dropFirst().map(\.processor).sorted()
        let columns = [
            run.argument.name,
            mebibytes(run.added[0]),
            mebibytes(daily.reduce(0, +)),
            mebibytes(daily.max() ?? 0),
            mebibytes(daily.last ?? 0),
            mebibytes(run.stored.last ?? 0),
            "\(run.kept)",
            processor.isEmpty ? "-" : seconds(processor[processor.count / 2]),
            restore(run.restores[1]),
            restore(run.restores[days]),
        ]
        return "| " + columns.joined(separator: " | ") + " |"
    }

    private func restore(_ measurement: Measurement?) -> String {
        measurement.map { "\(seconds($0.wall)) / \(seconds($0.processor))" } ?? "-"
    }

    private func mebibytes(_ bytes: Int64) -> String {
        String(format: "%.1f", Double(bytes) / 1_048_576)
    }

    private func seconds(_ value: Double) -> String {
        String(format: "%.2f", value)
    }
}
