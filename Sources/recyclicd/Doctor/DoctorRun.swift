import Configuration
import ControlAPI
import Foundation
import PostgresClient
import Protection
import Reception

/// One examination of everything that backups, restores and drills need.
struct DoctorRun {
    private let setup: DoctorSetup
    private let reception: ReceptionDiagnosis

    /// - Parameters:
    ///   - settings: The configuration in force.
    ///   - findings: What reading it found.
    ///   - file: The configuration file, for the lines that say where to change something.
    ///   - method: What is to protect the server, where that is known better than from the configuration.
    ///   - isTimeZoneGuessed: Whether neither the configuration nor the machine named the time zone.
    init(
        settings: Settings,
        findings: [ConfigurationFinding] = [],
        file: String? = nil,
        method: DoctorSetup.Method? = nil,
        isTimeZoneGuessed: Bool = false
    ) {
        var setup = DoctorSetup(
            connection: settings.connection,
            repository: settings.paths.repository,
            stateDirectory: settings.paths.stateDirectory,
            drillDirectory: settings.drill.directory,
            timeZone: settings.backup.timeZone
        )
        setup.method =
            switch settings.backup.method {
            case .base: .base
            case .dump: .dump
            case .auto: method ?? .either
            }
        setup.takesDumps = settings.backup.dumpSchedule != .off
        setup.drillUser = settings.drill.user
        setup.binDirectory = settings.postgres.binDirectory
        setup.isTimeZoneGuessed = isTimeZoneGuessed
        setup.freeCriticalBytes = Int64(settings.alerts.diskSpaceCriticalBytes)
        setup.freeWarningBytes = Int64(settings.alerts.diskSpaceWarningBytes)
        setup.configurationFile = file ?? ConfigurationLoader.defaultFile
        setup.alertRecipients = AlertChannels.primary(settings.notifications).count
        setup.hasPing = settings.notifications.ping != nil
        setup.remarks = Self.remarks(findings)
        self.setup = setup
        reception = ReceptionDiagnosis(
            connection: settings.connection,
            isEnabled: settings.reception.isEnabled,
            hasSecret: settings.reception.secretKey != nil
        )
    }

    /// Looks and judges.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else: what is wrong is a finding.
    func findings() async throws -> [ControlAPI.DoctorFinding] {
        let facts = try await DoctorProbe(setup).facts()
        var findings = Diagnosis.findings(facts)
        // A server that does not answer has been told of.
        if case .to = facts.connection { findings += try await reception.findings(facts) }
        return Self.described(findings)
    }

    /// What can be said of a configuration with errors: what is wrong with it, and that nothing else was looked at.
    static func refused(_ findings: [ConfigurationFinding]) -> [ControlAPI.DoctorFinding] {
        described(Diagnosis.refused(remarks(findings)))
    }

    private static func remarks(_ findings: [ConfigurationFinding]) -> [DoctorSetup.Remark] {
        findings.filter { $0.severity != .note }.map { finding in
            let place = finding.file.map { file in finding.line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
            return DoctorSetup.Remark(
                isError: finding.severity == .error,
                message: place + finding.message,
                hint: finding.hint
            )
        }
    }

    private static func described(_ findings: [Diagnosis.Finding]) -> [ControlAPI.DoctorFinding] {
        findings.map { finding in
            ControlAPI.DoctorFinding(
                code: finding.code,
                level: finding.level.rawValue,
                subject: finding.subject,
                message: finding.message,
                mend: finding.mend.map { ControlAPI.Mend(where: $0.place.rawValue, lines: $0.lines) }
            )
        }
    }
}
