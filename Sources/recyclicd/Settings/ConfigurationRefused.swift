import Blocking
import Configuration

/// A configuration with errors, which is not put in force.
struct ConfigurationRefused: OperatorError {
    /// What is wrong, at least one finding.
    let findings: [ConfigurationFinding]

    var code: String { "configurationRefused" }

    var message: String {
        "the configuration has \(findings.count == 1 ? "an error" : "\(findings.count) errors"): "
            + findings.map(\.summary).joined(separator: "; ")
    }

    var hint: String? {
        findings.first { !$0.hint.isEmpty }?.hint ?? "See what is wrong: recyclicd check-config"
    }
}
