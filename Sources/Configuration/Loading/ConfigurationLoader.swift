/// Finds, reads, checks and combines the configuration: systemd credentials over the process environment over the file
/// over defaults for secrets; the process environment over the file over defaults for the rest.
package enum ConfigurationLoader {
    /// The file that is read when none is named.
    package static let defaultFile = "/etc/recyclic/recyclicd.env"

    /// Loads everything; never throws: what is wrong is among the findings.
    ///
    /// - Parameters:
    ///   - file: Path the operator named, which must exist; `nil` reads `defaultFile`, which may be missing.
    ///   - environment: The process environment.
    ///   - credentialsDirectory: systemd's `$CREDENTIALS_DIRECTORY`; `nil` takes it from `environment`.
    ///   - fileReader: How to get at files.
    ///   - machine: What defaults depend on; `nil` asks the machine.
    package static func load(
        file: String?,
        environment: [String: String],
        credentialsDirectory: String? = nil,
        fileReader: ConfigurationFileReader = .disk,
        machine: MachineFacts? = nil
    ) -> ConfigurationResult {
        var sources = ConfigurationSources()
        sources.readFile(named: file, with: fileReader)
        sources.add(environment: environment)
        if let directory = credentialsDirectory ?? environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty {
            sources.readCredentials(in: directory, with: fileReader)
        }
        return sources.combined(machine: machine ?? .current(environment: environment))
    }
}
