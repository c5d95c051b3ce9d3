/// A value somebody gave to a setting.
struct ConfigurationCandidate: Sendable, Hashable {
    let value: String
    let origin: ConfigurationOrigin
}
