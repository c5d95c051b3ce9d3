import ArgumentParser
import ControlAPI

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show which backups are kept and why, or remove the others.",
        subcommands: [Plan.self, Apply.self],
        defaultSubcommand: Plan.self
    )

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what would be kept and removed, and why; change nothing."
        )
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let output = try Daemon(options).call(PlanRetention.self, .init())
            try printAnswer(output, options) { output, _, _ in
                RetentionView.lines(policy: output.policy, decisions: output.decisions)
            }
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete what the plan removes, then collect garbage.",
            discussion: "The daemon does this by itself after each backup."
        )
        @OptionGroup var options: ConnectionOptions

        func run() throws {
            let input = ApplyRetention.Input(wait: true)
            let output = try Daemon(options).run(ApplyRetention.self, input, isFollowed: true, options, job: \.job)
            try printAnswer(output, options) { output, terminal, now in
                RetentionView.lines(policy: output.policy, decisions: output.decisions)
                    + JobView(job: output.job, terminal: terminal, now: now).lines
            }
            try output.job.exitUnlessGood()
        }
    }
}
