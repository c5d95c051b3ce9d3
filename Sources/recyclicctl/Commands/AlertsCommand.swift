import ArgumentParser
import ControlAPI

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Show what people are told of, say that you know, silence it, or try whether messages arrive.",
        subcommands: [
            List.self, Show.self, Acknowledge.self, Silence.self, Unsilence.self, Test.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the open alerts, the silences, and who is told."
        )
        @Flag(help: "List those that are over, too, newest first.") var all = false
        @Option(help: "How many alerts to list.") var limit: Int64 = 50
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            guard (1...1_000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000, not \(limit)") }
        }

        func run() throws {
            let output = try Daemon(options).call(ListAlerts.self, .init(all: all, limit: limit))
            try printAnswer(output, options) { AlertView.list($0, terminal: $1, now: $2) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one alert, who was told of it, and what came of each message."
        )
        @Argument(help: "An alert such as a12, or its code.") var id: String
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(GetAlert.self, .init(id: id))
            try printAnswer(output, options) { AlertView.lines($0, terminal: $1, now: $2) }
        }
    }

    struct Acknowledge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack",
            abstract: "Say that you know: quiet until it gets worse, or is over and comes back."
        )
        @Argument(help: "An alert such as a12, its code, or all.") var id: String
        @Option(help: "What you want others to know.") var reason: String?
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(AcknowledgeAlert.self, .init(id: id, reason: reason))
            try printAnswer(output, options) { output, _, _ in
                output.alerts.isEmpty
                    ? ["there is nothing to acknowledge"]
                    : output.alerts.map {
                        "acknowledged \($0.id) (\($0.code)): quiet until it gets worse or comes back"
                    } + AlertView.note(output.unwritten)
            }
        }
    }

    struct Silence: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have nobody told of a problem for a while.",
            discussion: """
                At most 30 days for one problem and 7 days for all. What is still wrong at the end is told then. That \
                something is over is told to those who knew of it in any case.
                """
        )
        @Argument(help: "A code, an alert such as a12, or all.") var id: String
        @Option(name: .customLong("for"), help: ArgumentHelp("For how long: 30m, 2h, 3d.", valueName: "duration"))
        var duration: String
        @Option(help: "Why, for those who wonder later.") var reason: String
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            _ = try seconds
        }

        func run() throws {
            let input = SilenceAlert.Input(id: id, seconds: try seconds, reason: reason)
            let output = try Daemon(options).call(SilenceAlert.self, input)
            try printAnswer(output, options) { output, _, _ in
                ["\(AlertView.name(output.silence)) until \(TimeText.local(output.silence.endsAt))"]
                    + AlertView.note(output.unwritten)
            }
        }

        private var seconds: Int64 {
            get throws {
                guard let seconds = DurationArgument.seconds(duration) else {
                    throw ValidationError("--for takes \(DurationArgument.accepted), not '\(duration)'")
                }
                return seconds
            }
        }
    }

    struct Unsilence: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a silence before its time.")
        @Argument(help: "A silence such as s3, the code that it lies over, or all.") var id: String
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(UnsilenceAlert.self, .init(id: id))
            try printAnswer(output, options) { output, _, _ in
                output.silences.map { "\($0.id) is over: \($0.code ?? "everything") is told again" }
                    + AlertView.note(output.unwritten)
            }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a message through every channel and say what came of each.",
            discussion: "Exit codes: 0 all were taken over, 1 one was not, or there is no channel."
        )
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(TestAlerts.self, .init())
            guard !output.results.isEmpty else {
                throw CommandFailure(
                    Failure(
                        code: "noChannels",
                        message: "nobody is told: no e-mail address, Telegram chat or webhook is set",
                        hint: "Set NOTIFICATION_EMAIL in the configuration, then run: recyclicctl reload"
                    ),
                    asJSON: options.json
                )
            }
            try printAnswer(output, options) { output, terminal, _ in
                AlertView.results(output.results, terminal: terminal)
            }
            if output.results.contains(where: { $0.outcome != "delivered" }) {
                throw CommandFailure(exitCode: ExitStatus.bad)
            }
        }
    }
}
