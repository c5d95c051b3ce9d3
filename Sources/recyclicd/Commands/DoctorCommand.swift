import ArgumentParser
import Configuration
import ControlAPI
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check every precondition and print the exact lines that mend what is wrong.",
        discussion: """
            Needs no daemon, and changes nothing. Run it as the daemon's user, whose rights are what counts. Exit codes: \
            0 nothing is wrong (warnings included), 1 something is wrong.
            """
    )

    @OptionGroup var file: ConfigurationFileOption
    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    func run() async throws {
        let result = ConfigurationLoader.load(file: file.config, environment: ProcessInfo.processInfo.environment)
        let findings =
            if let settings = result.settings {
                try await DoctorRun(
                    settings: settings,
                    findings: result.findings,
                    file: file.config,
                    isTimeZoneGuessed: isTimeZoneGuessed(result)
                ).findings()
            } else {
                DoctorRun.refused(result.findings)
            }
        if json {
            try StandardOutput.writeJSON(Doctor.Output(findings: findings))
        } else {
            for line in DoctorText.lines(findings) { StandardOutput.writeLine(line) }
        }
        if findings.contains(where: { $0.level == "critical" }) { throw ExitCode(1) }
    }

    /// Whether the time zone is a default that the machine could not give either.
    private func isTimeZoneGuessed(_ result: ConfigurationResult) -> Bool {
        let source = MachineFacts.current(environment: ProcessInfo.processInfo.environment).timeZone.source
        // Else it is a variable or a file that names one.
        guard source != "TZ", !source.hasPrefix("/") else { return false }
        return result.effective.contains {
            $0.name == .backupTimeZone && $0.origin == .defaultValue(reason: source)
        }
    }
}
