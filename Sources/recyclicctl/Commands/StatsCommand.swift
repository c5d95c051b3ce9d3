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
            discussion: "With --json and --watch each line is one JSON value."
        )
        @Flag(help: "Go on until interrupted, and show what changes.") var watch = false
        @Option(help: ArgumentHelp("With --watch: how often to ask, in seconds (1 to 3600).", valueName: "seconds"))
        var interval: Int64 = 5
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            guard (1...3600).contains(interval) else {
                throw ValidationError("--interval takes 1 to 3600, not \(interval)")
            }
        }

        func run() throws {
            let daemon = try Daemon(options)
            guard watch else {
                let output = try daemon.call(GetReceptionStats.self, .init())
                if let failure = output.error { throw CommandFailure(failure, asJSON: options.json) }
                guard let stats = output.stats else { return }
                return try printAnswer(stats, options) { stats, _, _ in StatsView.lines(stats) }
            }
            let follower = StatsFollower(terminal: .current(), asJSON: options.json)
            let last = try daemon.follow(GetReceptionStats.self, .init(intervalSeconds: interval)) {
                follower.show($0)
            }
            follower.show(last)
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
