import Configuration
import Synchronization

/// The configuration in force, and the way to replace it as a whole.
final class SettingsStore: Sendable {
    private let settings: Mutex<Settings>
    private let remarks: Mutex<[ConfigurationFinding]>
    /// The file it came from, as the operator named it; `nil` for the default one.
    let file: String?
    private let environment: [String: String]

    /// - Parameters:
    ///   - settings: The configuration that the daemon starts with.
    ///   - findings: What reading it found.
    ///   - file: The file it came from, as the operator named it.
    ///   - environment: The process environment at start; it can't change later.
    init(_ settings: Settings, findings: [ConfigurationFinding], file: String?, environment: [String: String]) {
        self.settings = Mutex(settings)
        remarks = Mutex(findings)
        self.file = file
        self.environment = environment
    }

    /// The configuration in force.
    var current: Settings { settings.withLock { $0 } }

    /// What reading it found: warnings and notes.
    var findings: [ConfigurationFinding] { remarks.withLock { $0 } }

    /// Reads the configuration again and, when it has no error, puts it in force.
    ///
    /// - Throws: ``ConfigurationRefused`` when it has; the present one stays.
    func reload() throws -> SettingsChange {
        let result = ConfigurationLoader.load(file: file, environment: environment)
        guard let new = result.settings else { throw ConfigurationRefused(findings: result.errors) }
        let old = settings.withLock { settings in
            let old = settings
            settings = new
            return old
        }
        remarks.withLock { $0 = result.findings }
        return SettingsChange(
            from: old,
            to: new,
            warnings: result.findings.filter { $0.severity == .warning }.map(\.summary)
        )
    }
}
