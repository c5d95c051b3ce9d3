import Configuration

extension ConfigurationFileReader {
    /// Reads from these texts; every other path is missing.
    static func memory(_ files: [String: String], mode: UInt32 = 0o600) -> ConfigurationFileReader {
        ConfigurationFileReader { path throws(Failure) in
            guard let text = files[path] else { throw .missing }
            return Contents(bytes: Array(text.utf8), mode: mode)
        }
    }
}

extension MachineFacts {
    /// Named host.example.org, two processors in Paris.
    static let example = MachineFacts(
        hostName: "host.example.org",
        processors: 2,
        timeZone: TimeZoneFact(name: "Europe/Paris", source: "/etc/timezone"),
        hasRecyclicGroup: true
    )
}

extension ConfigurationResult {
    /// The value of `name` in force.
    func value(_ name: SettingName) -> EffectiveValue? { effective.first { $0.name == name } }
}

/// Loads `text` as the file `/f` on the example machine.
func load(_ text: String, _ environment: [String: String] = [:]) -> ConfigurationResult {
    ConfigurationLoader.load(
        file: "/f",
        environment: environment,
        fileReader: .memory(["/f": text]),
        machine: .example
    )
}
