/// Makes settings of the chosen values: reads each by its definition, says what is malformed, and notes what is in force.
///
/// Reading goes on after a mistake with the default in its place, so that one run finds all mistakes; the settings of
/// such a run are thrown away by the caller.
struct SettingsBuilder {
    let machine: MachineFacts
    private(set) var findings: [ConfigurationFinding] = []
    private let chosen: [SettingName: ConfigurationCandidate]
    private var noted: [SettingName: EffectiveValue] = [:]

    init(chosen: [SettingName: ConfigurationCandidate], machine: MachineFacts) {
        self.chosen = chosen
        self.machine = machine
    }

    /// Every setting with its value in force, in the order of the documentation.
    var effective: [EffectiveValue] {
        SettingName.allCases.map { name in
            noted[name] ?? EffectiveValue(name: name, display: "", origin: .defaultValue(reason: nil))
        }
    }

    /// Makes the settings; only to be used when `findings` then has no error.
    mutating func build() -> Settings {
        let paths = buildPaths()
        return Settings(
            postgres: buildPostgres(),
            paths: paths,
            backup: buildBackup(),
            retention: buildRetention(),
            verify: verifySchedule(.verifySchedule),
            drill: buildDrill(paths),
            alerts: buildAlerts(),
            notifications: buildNotifications(),
            reception: Settings.Reception(
                isEnabled: booleanOrAuto(.liveReceptionStatsEnabled),
                semantics: choice(.liveReceptionStatsSemantics, ReceptionSemantics.self) ?? .rolling,
                timeZone: timeZone(.liveReceptionStatsTimeZone),
                secretKey: secret(.secretKey)
            ),
            httpListen: httpListen(),
            logLevel: choice(.logLevel, LogLevel.self) ?? .info,
            logFormat: choice(.logFormat, LogFormat.self) ?? .text
        )
    }

    // MARK: - What was chosen

    func candidate(_ name: SettingName) -> ConfigurationCandidate? { chosen[name] }

    func isChosen(_ name: SettingName) -> Bool { chosen[name] != nil }

    /// The value with white space around it taken off: nothing but a secret has any that matters.
    private func trimmed(_ name: SettingName) -> String? {
        chosen[name].map { $0.value.trimmingWhitespace() }
    }

    // MARK: - Notes and findings

    /// Records the value in force; a later call for the same name replaces it.
    mutating func note(_ name: SettingName, _ display: String, origin: ConfigurationOrigin? = nil) {
        let definition = name.definition
        let from = origin ?? chosen[name]?.origin ?? .defaultValue(reason: definition.defaultReason)
        let shown = definition.isSecret && !display.isEmpty ? Secret.placeholder : PrintableText.of(display)
        noted[name] = EffectiveValue(name: name, display: shown, origin: from)
    }

    /// Records the value in force of a secret that may be shown in part: `shown` is what is left of it.
    mutating func note(_ name: SettingName, redacted shown: String) {
        let from = chosen[name]?.origin ?? .defaultValue(reason: name.definition.defaultReason)
        noted[name] = EffectiveValue(name: name, display: PrintableText.of(shown), origin: from)
    }

    mutating func find(
        _ severity: ConfigurationFinding.Severity,
        _ name: SettingName,
        _ message: String,
        hint: String = ""
    ) {
        let place = chosen[name]?.origin.place
        findings.append(
            ConfigurationFinding(severity, file: place?.file, line: place?.line, message: message, hint: hint)
        )
    }

    /// Says that a value is malformed: what was found, unless it is secret, and what is accepted.
    ///
    /// - Parameter part: What of a list is malformed; `nil` when it is the whole value.
    mutating func refuse(_ name: SettingName, accepted: String? = nil, part: String? = nil) {
        let definition = name.definition
        let accepted = accepted ?? definition.accepted
        let found =
            definition.isSecret
            ? "does not hold"
            : (part == nil ? "is" : "holds")
                + " \"\(PrintableText.excerpt(of: part ?? trimmed(name) ?? ""))\", which is not"
        let example = definition.defaultValue.map { " The default is \(name.rawValue)=\(Self.quoted($0))." } ?? ""
        note(name, trimmed(name) ?? "")
        find(.error, name, "\"\(name.rawValue)\" \(found) \(accepted)", hint: "Accepted: \(accepted).\(example)")
    }

    /// As it would be written in the file.
    private static func quoted(_ value: String) -> String {
        value.contains(" ") ? "\"\(value)\"" : value
    }

    // MARK: - Reading by kind

    mutating func text(_ name: SettingName) -> String? {
        let value = trimmed(name) ?? name.definition.defaultValue
        note(name, value ?? "")
        return value
    }

    mutating func secret(_ name: SettingName) -> Secret? {
        guard let value = chosen[name]?.value else {
            note(name, "")
            return nil
        }
        note(name, value)
        return Secret(value)
    }

    /// A path without a slash at its end, or `nil` when it is neither set nor has a fixed default.
    mutating func path(_ name: SettingName) -> String? {
        guard let value = trimmed(name) ?? name.definition.defaultValue else {
            note(name, "")
            return nil
        }
        var path = value[...]
        if name.definition.kind == .pathList { path = path.prefix { $0 != ":" } }
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard path.hasPrefix("/") else {
            refuse(name)
            return name.definition.defaultValue
        }
        note(name, String(path))
        return String(path)
    }

    /// The number; a malformed one gives the lowest that is accepted, in settings that nobody will see.
    mutating func integer(_ name: SettingName) -> Int? {
        guard let value = trimmed(name) ?? name.definition.defaultValue else {
            note(name, "")
            return nil
        }
        guard case .integer(let range) = name.definition.kind else { return nil }
        guard let number = WholeNumber.parse(value), range.contains(number) else {
            refuse(name)
            return nil
        }
        note(name, "\(number)")
        return number
    }

    /// As `integer(_:)`, for a name that has a fixed default.
    mutating func number(_ name: SettingName) -> Int {
        integer(name) ?? 0
    }

    mutating func boolean(_ name: SettingName) -> Bool {
        let value = (trimmed(name) ?? name.definition.defaultValue ?? "").lowercased()
        switch value {
        case "true", "yes", "on", "1", "t", "y":
            note(name, "true")
            return true
        case "false", "no", "off", "0", "f", "n":
            note(name, "false")
            return false
        default:
            refuse(name)
            return false
        }
    }

    /// As `boolean(_:)`; `nil` for `auto`.
    mutating func booleanOrAuto(_ name: SettingName) -> Bool? {
        guard (trimmed(name) ?? name.definition.defaultValue ?? "").lowercased() == "auto" else { return boolean(name) }
        note(name, "auto")
        return nil
    }

    /// An IANA name that PostgreSQL understands as we do, for a name that has a fixed default.
    mutating func timeZone(_ name: SettingName) -> String {
        let zone = trimmed(name) ?? name.definition.defaultValue ?? ""
        // "GMT+2" is east of Greenwich for one of the two and west of it for the other.
        let isOffset = !zone.hasPrefix("Etc/") && zone.contains { $0 == "+" || $0.isNumber }
        guard MachineFacts.isTimeZone(zone), !isOffset else {
            refuse(name)
            return "UTC"
        }
        note(name, zone)
        return zone
    }

    mutating func choice<Choice: RawRepresentable<String>>(_ name: SettingName, _: Choice.Type) -> Choice? {
        let value = (trimmed(name) ?? name.definition.defaultValue ?? "").lowercased()
        guard let choice = Choice(rawValue: value) else {
            refuse(name)
            return nil
        }
        note(name, choice.rawValue)
        return choice
    }

    mutating func schedule(_ name: SettingName) -> BackupSchedule? {
        guard let value = trimmed(name) ?? name.definition.defaultValue else { return nil }
        guard let schedule = BackupSchedule(value) else {
            refuse(name)
            return nil
        }
        note(name, schedule.description)
        return schedule
    }

    mutating func verifySchedule(_ name: SettingName) -> VerifySchedule {
        guard let schedule = VerifySchedule(trimmed(name) ?? name.definition.defaultValue ?? "") else {
            refuse(name)
            return .afterBackup
        }
        note(name, schedule.description)
        return schedule
    }
}

extension String {
    /// Without white space at either end.
    func trimmingWhitespace() -> String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
