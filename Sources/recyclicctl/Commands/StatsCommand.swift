import ArgumentParser
import ControlAPI
import Varlink

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what the Recyclic application's reception takes in and gives out.",
        discussion: "The figures are those of the application's dashboard, exact and of this moment.",
        subcommands: [Show.self, Indexes.self],
        defaultSubcommand: Show.self
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the figures, once or again and again.",
            discussion: """
                With --watch it goes on until it is stopped, also while the daemon is restarted; with --json each line is one \
                JSON value then.
                """
        )
        @Flag(help: "Go on until interrupted, and show what changes.") var watch = false
        @Option(
            help: ArgumentHelp("With --watch: how often to ask, in seconds (1 to 3600; 5).", valueName: "seconds")
        )
        var interval: Int64?
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            guard let interval else { return }
            guard (1...3600).contains(interval) else {
                throw ValidationError("--interval takes 1 to 3600, not \(interval)")
            }
            if !watch { throw ValidationError("--interval says how often --watch asks, which is missing") }
        }

        func run() throws {
            guard watch else {
                let output = try Daemon(options).call(GetReceptionStats.self, .init())
                if let failure = output.error { throw CommandFailure(failure, asJSON: options.json) }
                guard let stats = output.stats else { return }
                return try printAnswer(stats, options) { stats, _, _ in StatsView.lines(stats) }
            }
            let follower = StatsFollower(terminal: .current(), asJSON: options.json)
            var daemon = DaemonFollower(options)
            try daemon.follow(
                GetReceptionStats.self,
                input: { .init(intervalSeconds: interval) },
                onLoss: { follower.breakOff() },
                show: { follower.show($0) }
            )
        }
    }

    struct Indexes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the statements for the indexes that make the figures scale, and what each costs.",
            discussion: """
                Nothing is changed: the schema is the application's. What is printed can be piped into psql; the statements of \
                indexes that are there already are comments, and what a failed run has left is dropped first.
                """
        )
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(GetReceptionIndexes.self, .init())
            try printAnswer(output, options) { output, _, _ in StatsView.indexes(output.indexes) }
        }
    }
}
