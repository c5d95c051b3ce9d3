/// What came of loading the configuration.
package struct ConfigurationResult: Sendable, Equatable {
    /// The settings; `nil` when any finding is an error.
    package let settings: Settings?
    /// In the order of the file's lines, then what concerns the environment and the whole.
    package let findings: [ConfigurationFinding]
    /// Every setting there is, in the order of the documentation, with its value and origin.
    package let effective: [EffectiveValue]

    /// The findings that keep the daemon from starting.
    package var errors: [ConfigurationFinding] { findings.filter { $0.severity == .error } }
}
