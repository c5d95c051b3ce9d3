/// Where a value comes from.
package indirect enum ConfigurationOrigin: Sendable, Hashable, CustomStringConvertible {
    /// Nobody set it; where the default is not a fixed value, `reason` says what it follows.
    case defaultValue(reason: String?)
    /// A line of the configuration file.
    case file(path: String, line: Int)
    /// The process environment.
    case environment
    /// A file of systemd's credentials directory.
    case credential(path: String)
    /// Part of another setting, such as the host of `DATABASE_URL`.
    case part(of: SettingName, ConfigurationOrigin)

    /// For people: `default`, `FILE:LINE`, `environment`, `credential PATH`, `DATABASE_URL (…)`.
    package var description: String {
        switch self {
        case .defaultValue(nil): "default"
        case .defaultValue(let reason?): "default (\(reason))"
        case .file(let path, let line): "\(path):\(line)"
        case .environment: "environment"
        case .credential(let path): "credential \(path)"
        case .part(let name, let origin): "\(name.rawValue) (\(origin))"
        }
    }

    /// The file and line a finding about the value points at.
    var place: (file: String?, line: Int?) {
        switch self {
        case .file(let path, let line): (path, line)
        case .credential(let path): (path, nil)
        case .part(_, let origin): origin.place
        case .defaultValue, .environment: (nil, nil)
        }
    }

    /// Whether somebody set it.
    var isChosen: Bool {
        if case .defaultValue = self { false } else { true }
    }
}
