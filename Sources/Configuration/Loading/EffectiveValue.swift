/// One setting as it is in force, for `check-config`.
package struct EffectiveValue: Sendable, Hashable {
    package let name: SettingName
    /// The value in words an operator could write; `[hidden]` for a secret that is set, of a URL with
    /// a secret in it the host alone; empty when nothing is set.
    package let display: String
    package let origin: ConfigurationOrigin

    /// Whether the value is never shown.
    package var isSecret: Bool { name.definition.isSecret }
}
