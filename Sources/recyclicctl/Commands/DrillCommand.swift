import ArgumentParser
import ControlAPI

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Restore a backup into a scratch server and judge it, or show a drill.",
        subcommands: [Run.self, Show.self],
        defaultSubcommand: Run.self
    )

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restore a backup into a scratch server, check it, time it.",
            discussion: "Exit codes: 0 passed, 1 failed or cannot judge."
        )
        @Argument(help: "A backup: its id, a unique prefix of it, its file name, or latest.")
        var target = "latest"
        @Flag(name: .customLong("no-wait"), help: "Return as soon as the drill is queued.")
        var noWait = false
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let input = Drill.Input(target: target, wait: !noWait)
            let output = try Daemon(options).run(Drill.self, input, isFollowed: !noWait, options, job: \.job)
            try printAnswer(output, options) { output, terminal, now in
                output.report.map { DrillView.lines($0, terminal: terminal) }
                    ?? JobView(job: output.job, terminal: terminal, now: now).lines
            }
            if let report = output.report, report.verdict != "passed" {
                throw CommandFailure(exitCode: ExitStatus.bad)
            }
            try output.job.exitUnlessGood()
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a drill's report; without an id the last one.")
        @Argument(help: "A drill, such as d3.")
        var id: String?
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(GetDrill.self, .init(id: id))
            try printAnswer(output, options) { output, terminal, _ in
                DrillView.lines(output.report, terminal: terminal)
            }
        }
    }
}
