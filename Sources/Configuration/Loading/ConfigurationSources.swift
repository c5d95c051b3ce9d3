/// All that was found in the file, the process environment and the credentials, before anything is made of it.
struct ConfigurationSources {
    private var file: [SettingName: ConfigurationCandidate] = [:]
    private var environment: [SettingName: ConfigurationCandidate] = [:]
    private var credentials: [SettingName: ConfigurationCandidate] = [:]
    private(set) var findings: [ConfigurationFinding] = []

    // MARK: - File

    mutating func readFile(named: String?, with reader: ConfigurationFileReader) {
        let path = named ?? ConfigurationLoader.defaultFile
        do throws(ConfigurationFileReader.Failure) {
            add(file: try reader.read(path), path: path)
        } catch {
            switch error {
            case .missing where named == nil:
                let finding = ConfigurationFinding(
                    .warning,
                    file: path,
                    message: "there is no configuration file, so only the environment and defaults count",
                    hint: "Copy the sample recyclicd.env there and set what differs on this machine."
                )
                findings.append(finding)
            case .missing:
                let hint = "Name the file that exists, or create it from the sample recyclicd.env."
                findings.append(
                    ConfigurationFinding(.error, file: path, message: "the file does not exist", hint: hint)
                )
            case .unreadable(let reason):
                findings.append(
                    ConfigurationFinding(
                        .error,
                        file: path,
                        message: "the file cannot be read: \(reason)",
                        hint: "It must be a plain file that the user running recyclicd may read: chown root:recyclic "
                            + "and chmod 640, for instance."
                    )
                )
            }
        }
    }

    private mutating func add(file contents: ConfigurationFileReader.Contents, path: String) {
        let parsed = EnvironmentFileParser.parse(contents.bytes, path: path)
        for remark in parsed.remarks where isOurs(remark) {
            findings.append(remark.finding)
        }
        for assignment in parsed.assignments {
            let origin = ConfigurationOrigin.file(path: path, line: assignment.line)
            switch NameJudgement(assignment.name, isFile: true) {
            case .known(let name):
                file[name] = ConfigurationCandidate(value: assignment.value, origin: origin)
            case .foreign:
                break
            case .suspicious(let nearest):
                warn(unknown: assignment.name, nearest: nearest, origin: origin)
            }
        }
        warnAboutPermissions(of: path, mode: contents.mode)
    }

    /// Whether a remark is worth showing: oddities in values that belong to other programs are their own business.
    private func isOurs(_ remark: EnvironmentFile.Remark) -> Bool {
        guard remark.finding.severity != .error, let name = remark.name else { return true }
        return SettingName(rawValue: name) != nil
    }

    private mutating func warnAboutPermissions(of path: String, mode: UInt32) {
        let holdsSecret = file.contains { $0.key.definition.isSecret && !$0.value.value.isEmpty }
        let problem: String? =
            if mode & 0o002 != 0 {
                "every user of this machine may write the file"
            } else if mode & 0o004 != 0, holdsSecret {
                "the file holds secrets and every user of this machine may read it"
            } else {
                nil
            }
        guard let problem else { return }
        findings.append(
            ConfigurationFinding(.warning, file: path, message: problem, hint: "Close it with: chmod o-rwx \(path)")
        )
    }

    private mutating func warn(unknown name: String, nearest: SettingName?, origin: ConfigurationOrigin) {
        let hint =
            nearest.map { "Did you mean \($0.rawValue)?" }
            ?? "docs/configuration.md lists every name; remove this one if it is not needed."
        findings.append(
            ConfigurationFinding(
                .warning,
                file: origin.place.file,
                line: origin.place.line,
                message: "\"\(name)\" is not a name recyclicd knows, ignored",
                hint: hint
            )
        )
    }

    // MARK: - Environment

    mutating func add(environment variables: [String: String]) {
        for (variable, text) in variables.sorted(by: { $0.key < $1.key }) {
            switch NameJudgement(variable, isFile: false) {
            case .known(let name):
                environment[name] = ConfigurationCandidate(value: cleaned(text, of: variable), origin: .environment)
            case .foreign:
                break
            case .suspicious(let nearest):
                warn(unknown: variable, nearest: nearest, origin: .environment)
            }
        }
    }

    /// Takes off what a file from a Windows editor leaves when something else read it into the environment.
    private mutating func cleaned(_ text: String, of name: String) -> String {
        var bytes = Array(text.utf8)[...]
        while bytes.last == .carriageReturn || bytes.last == .newline { bytes.removeLast() }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard bytes.count < text.utf8.count else { return text }
        findings.append(
            ConfigurationFinding(
                .warning,
                message: "\"\(name)\" in the environment has a line end or byte order mark around its value, taken off",
                hint: "What sets it reads a file with Windows line ends; convert that file."
            )
        )
        // Valid: whole characters were taken from both ends of valid UTF-8.
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - Credentials

    mutating func readCredentials(in directory: String, with reader: ConfigurationFileReader) {
        for name in SettingName.allCases where name.definition.isSecret {
            let path = (directory.hasSuffix("/") ? directory : directory + "/") + name.credentialName
            do throws(ConfigurationFileReader.Failure) {
                add(credential: try reader.read(path), of: name, path: path)
            } catch {
                guard case .unreadable(let reason) = error else { continue }
                let message = "the credential for \"\(name.rawValue)\" cannot be read: \(reason)"
                findings.append(
                    ConfigurationFinding(
                        .error,
                        file: path,
                        message: message,
                        hint: "Check LoadCredential= in the unit."
                    )
                )
            }
        }
    }

    private mutating func add(credential contents: ConfigurationFileReader.Contents, of name: SettingName, path: String)
    {
        var bytes = contents.bytes[...]
        if bytes.last == .newline { bytes.removeLast() }
        if bytes.last == .carriageReturn { bytes.removeLast() }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0), !bytes.contains(.newline) else {
            findings.append(
                ConfigurationFinding(
                    .error,
                    file: path,
                    message: "the credential for \"\(name.rawValue)\" is not one line of UTF-8 text",
                    hint: "Store the bare secret in it, with or without a line end."
                )
            )
            return
        }
        credentials[name] = ConfigurationCandidate(value: text, origin: .credential(path: path))
    }

    // MARK: - Combining

    /// Chooses by precedence and makes settings of what was chosen.
    func combined(machine: MachineFacts) -> ConfigurationResult {
        var chosen: [SettingName: ConfigurationCandidate] = [:]
        var findings = findings
        for name in SettingName.allCases {
            var empty: ConfigurationOrigin?
            // Credentials were read for secrets only.
            for candidate in [credentials[name], environment[name], file[name]].compactMap({ $0 }) {
                if Self.isEmpty(candidate.value, of: name) {
                    empty = empty ?? candidate.origin
                    continue
                }
                chosen[name] = candidate
                if let empty {
                    let message =
                        "\"\(name.rawValue)\" is empty (\(empty)), which counts as not set, so \(candidate.origin) counts"
                    findings.append(
                        ConfigurationFinding(.note, file: empty.place.file, line: empty.place.line, message: message)
                    )
                }
                break
            }
        }
        var builder = SettingsBuilder(chosen: chosen, machine: machine)
        let settings = builder.build()
        findings += builder.findings
        let hasErrors = findings.contains { $0.severity == .error }
        return ConfigurationResult(
            settings: hasErrors ? nil : settings,
            findings: Self.ordered(findings),
            effective: builder.effective
        )
    }

    private static func isEmpty(_ value: String, of name: SettingName) -> Bool {
        name.definition.isSecret ? value.isEmpty : value.allSatisfy(\.isWhitespace)
    }

    /// By file and line; what has no file comes last. The order of discovery breaks ties.
    private static func ordered(_ findings: [ConfigurationFinding]) -> [ConfigurationFinding] {
        findings.enumerated()
            .sorted { left, right in
                let first = (
                    left.element.file == nil ? 1 : 0, left.element.file ?? "", left.element.line ?? 0, left.offset
                )
                let second = (
                    right.element.file == nil ? 1 : 0, right.element.file ?? "", right.element.line ?? 0, right.offset
                )
                return first < second
            }
            .map(\.element)
    }
}
