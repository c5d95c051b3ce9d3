import ArgumentParser
import ControlAPI

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List the daemon's jobs, show, follow or cancel one.",
        subcommands: [List.self, Show.self, Watch.self, Cancel.self],
        defaultSubcommand: List.self
    )

    /// Names a job.
    struct Target: ParsableArguments {
        @Argument(help: "A job, such as j12.")
        var id: String
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the jobs, newest first.")
        @Option(help: "How many jobs to list.") var limit: Int64 = 20
        @OptionGroup var options: ConnectionOptions

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes 1 to 10000, not \(limit)") }
        }

        func run() throws {
            let output = try Daemon(options).call(ListJobs.self, .init(limit: limit))
            try printAnswer(output, options) { JobView.table($0.jobs, terminal: $1, now: $2) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one job.")
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(GetJob.self, .init(id: target.id))
            try printAnswer(output, options) { JobView(job: $0.job, terminal: $1, now: $2).lines }
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow one job until it ends.",
            discussion: "Exit codes: 0 the job succeeded, 1 it did not."
        )
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let daemon = try Daemon(options)
            let output = try daemon.run(WatchJob.self, .init(id: target.id), isFollowed: true, options, job: \.job)
            try printAnswer(output, options) { JobView(job: $0.job, terminal: $1, now: $2).lines }
            try output.job.exitUnlessGood()
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop a job that is queued or running.")
        @OptionGroup var target: Target
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(CancelJob.self, .init(id: target.id))
            try printAnswer(output, options) { JobView(job: $0.job, terminal: $1, now: $2).lines }
        }
    }
}
