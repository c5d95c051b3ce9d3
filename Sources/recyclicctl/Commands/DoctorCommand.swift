import ArgumentParser
import ControlAPI

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check every precondition and print the exact lines that mend what is wrong.",
        discussion: """
            Runs recyclicd doctor when the daemon is not running. Exit codes: 0 nothing is wrong (warnings included), 1 \
            something is wrong.
            """
    )

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let daemon: Daemon
        do {
            daemon = try Daemon(options)
        } catch let failure as CommandFailure where failure.exitCode == ExitStatus.unreachable {
            if !options.json {
                writeErrorLine("recyclicctl: the daemon is not running; asking recyclicd doctor instead")
            }
            try Recyclicd.replaceProcess(
                ["recyclicd", "doctor"] + (options.json ? ["--json"] : []),
                asJSON: options.json
            )
        }
        let output = try daemon.call(Doctor.self, .init())
        try printAnswer(output, options) { output, terminal, _ in
            DoctorView.lines(output.findings, terminal: terminal)
        }
        if output.findings.contains(where: { $0.level == "critical" }) {
            throw CommandFailure(exitCode: ExitStatus.bad)
        }
    }
}
