import ArgumentParser
import Configuration
import Foundation

struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Print the configuration in effect, each value's origin, and what is wrong with it.",
        discussion: "Secrets are not shown. Exit codes: 0 valid, 1 not valid."
    )

    @OptionGroup var file: ConfigurationFileOption
    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    func run() throws {
        let result = ConfigurationLoader.load(
            file: file.config,
            environment: ProcessInfo.processInfo.environment
        )
        let report = ConfigurationReport(result)
        if json {
            try StandardOutput.writeJSON(report)
        } else {
            StandardOutput.write(report.text(width: StandardOutput.width))
        }
        if !report.valid { throw ExitCode(1) }
    }
}
