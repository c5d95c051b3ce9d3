import ArgumentParser
import Configuration
import Foundation

/// Where the configuration is.
struct ConfigurationFileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file (default: \(ConfigurationLoader.defaultFile), if there is one).",
            valueName: "file"
        )
    )
    var config: String?

    /// The checked configuration.
    ///
    /// - Throws: ``ConfigurationRefused`` when it has errors.
    func settings() throws -> (settings: Settings, warnings: [ConfigurationFinding]) {
        let result = ConfigurationLoader.load(file: config, environment: ProcessInfo.processInfo.environment)
        guard let settings = result.settings else { throw ConfigurationRefused(findings: result.errors) }
        return (settings, result.findings.filter { $0.severity == .warning })
    }
}
