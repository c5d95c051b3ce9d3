/// What `check-config --json` prints.
package struct ConfigurationReport: Sendable, Hashable, Codable {
    /// One setting in force.
    package struct Setting: Sendable, Hashable, Codable {
        package let name: String
        /// `[hidden]` for a secret that is set, empty when nothing is set.
        package let value: String
        /// As `ConfigurationOrigin.description` has it.
        package let origin: String
        package let isSecret: Bool
    }

    /// Whether the daemon would start with it.
    package let valid: Bool
    /// Every setting, in the order of the documentation.
    package let settings: [Setting]
    package let findings: [ConfigurationFinding]

    package init(_ result: ConfigurationResult) {
        valid = result.settings != nil
        settings = result.effective.map {
            Setting(name: $0.name.rawValue, value: $0.display, origin: $0.origin.description, isSecret: $0.isSecret)
        }
        findings = result.findings
    }
}
