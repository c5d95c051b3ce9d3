import ArgumentParser
import ControlAPI
import Glibc
import Varlink

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what happened, or follow it, or report on a period.",
        subcommands: [List.self, Report.self],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what happened, newest last.",
            discussion: """
                With --follow it goes on until it is stopped, also while the daemon is restarted. With --json it prints \
                one document {"events": [...]}; with --follow and --json one event a line.
                """
        )

        @Flag(help: "Go on and show each event as it happens.")
        var follow = false

        @OptionGroup var period: PeriodOptions

        @Option(help: "How many events at most, the newest; by default 100, and 10 with --follow.")
        var limit: Int64?

        @Option(
            help: ArgumentHelp("Only events of this kind, such as backupFailed; may be repeated.", valueName: "kind")
        )
        var kind: [String] = []

        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            if let limit, !(1...10_000).contains(limit) {
                throw ValidationError("--limit takes 1 to 10000, not \(limit)")
            }
            if follow, period.until != nil { throw ValidationError("--follow has no end, so it takes no --until") }
        }

        func run() throws {
            let times = try period.times(now: currentTime())
            let kinds = kind.isEmpty ? nil : kind
            if follow {
                let follower = EventFollower(options: options, kinds: kinds, terminal: .current())
                return try follower.run(since: times.since?.text, limit: limit ?? (times.since == nil ? 10 : 10_000))
            }
            let input = ListEvents.Input(
                since: times.since?.text,
                until: times.until?.text,
                kinds: kinds,
                limit: limit ?? (times.since == nil ? 100 : 10_000)
            )
            let output = try Daemon(options).call(ListEvents.self, input)
            try printAnswer(output, options) { output, terminal, _ in
                output.events.isEmpty
                    ? ["no events"] : output.events.map { EventView.line($0, terminal: terminal) }
            }
        }
    }

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what happened in a period as Markdown, for the incident records.",
            discussion: "Times are those of this machine's zone. With --json the facts that it is made of."
        )

        @OptionGroup var period: PeriodOptions
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            guard period.since != nil else {
                throw ValidationError("--since is missing: it takes \(TimeArgument.accepted)")
            }
        }

        func run() throws {
            let times = try period.times(now: currentTime())
            guard let since = times.since else { return }
            let output = try Daemon(options).call(
                GetReport.self,
                .init(since: since.text, until: times.until?.text)
            )
            try printAnswer(output, options) { output, _, _ in ReportView(report: output.report).lines }
        }
    }
}
