import ArgumentParser
import ControlAPI

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the repository's objects are what they were.",
        discussion: """
            Names each damaged object and the backups it affects. What was read before is not read again unless --full \
            is given. Exit codes: 0 good, 1 damage was found or the check failed.
            """
    )

    @Argument(help: "A backup, latest or all.")
    var target = "all"

    @Flag(help: "Read everything again, also what was verified before.")
    var full = false

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let input = Verify.Input(target: target, full: full, wait: true)
        let output = try Daemon(options).run(Verify.self, input, isFollowed: true, options, job: \.job)
        try printAnswer(output, options) { output, terminal, now in
            output.report.map { VerifyView.lines($0, terminal: terminal) }
                ?? JobView(job: output.job, terminal: terminal, now: now).lines
        }
        if let report = output.report, !report.ok { throw CommandFailure(exitCode: ExitStatus.bad) }
        try output.job.exitUnlessGood()
    }
}
