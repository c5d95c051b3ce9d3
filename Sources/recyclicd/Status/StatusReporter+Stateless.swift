import Alerting
import Blocking
import Configuration
import ControlAPI
import FoundationEssentials
import Monitoring
import Protection
import Repository
import State

/// What is known when the daemon's own memory can't be read.
extension StatusReporter {
    /// How long the state may take to answer, until the status does without it.
    static let statePatience = Duration.seconds(5)
    /// How long the repository may take then: its catalogue lies beside the state.
    private static let repositoryPatience = Duration.seconds(4)

    /// What can be judged without the state. Whether a backup is whole is not among it, for verify runs say that.
    private static let judgedWithoutState: Set<HealthReasonCode> = [
        .repositoryUnusable, .noBackup, .backupAge, .restorablePointAge, .checksumFindings, .databaseUnreachable,
        .diskSpace,
        .noOffsiteCopy, .alertDelivery,
    ]

    /// The status without what only the state knows: jobs, verifications, drills, and when something is due.
    ///
    /// - Parameter error: Why it can't be read.
    func statusWithoutState(_ error: StateError) async -> GetStatus.Output {
        let now = Date()
        let settings = settings.current
        let observation = await monitor.freshObservation()
        let cluster = observation.identity?.systemIdentifier
        let view = await quickRepositoryView(settings, cluster: cluster)
        let decision = methods.current
        let backups = view.backups.filter { DumpView.isOurs($0, cluster: cluster) }
        let measurements = await measurements(settings, view, observation, cluster: cluster)
        let report = Health.evaluate(measurements, thresholds: settings.healthThresholds, now: now)
        let exposure = Monitoring.Exposure.sinceLastBackup(
            localPoint: measurements.newestRestorable?.restorablePoint,
            offsitePoint: nil,
            now: now
        )
        let overview = await alerts.overview
        let primary = backups.last { $0.id.kind.rawValue == decision.method.rawValue } ?? backups.last
        return GetStatus.Output(
            health: HealthLevel.critical.rawValue,
            reasons: [Self.unreadable(error)]
                + report.reasons.filter { Self.judgedWithoutState.contains($0.code) }.map(Self.describe),
            instance: settings.notifications.instanceName,
            version: Version.text,
            generatedAt: TimeFormat.text(now),
            startedAt: TimeFormat.text(startedAt),
            databaseDamaged: view.state.error == nil
                ? Self.describe(exposure.databaseDamaged, basis: exposure.basis.text)
                : Self.describe(.unknown(atMostSeconds: nil), basis: "the repository can't be read"),
            machineLost: Self.describe(exposure.machineLost, basis: "no copy on another machine"),
            server: describe(observation, settings),
            repository: view.state,
            method: decision.method.rawValue,
            pool: poolState,
            lastBackup: primary.map(BackupDescription.describe),
            lastDump: backups.last { $0.id.kind == .dump }.map(BackupDescription.describe),
            nextRuns: [],
            jobs: [],
            alerts: AlertDescription.describe(overview),
            silences: overview.silences.map { AlertDescription.describe($0, at: overview.moment) },
            recipients: AlertDescription.recipients(overview)
        )
    }

    /// Why the rest is not there.
    private static func unreadable(_ error: StateError) -> Reason {
        Reason(
            code: Reason.stateUnreadable,
            level: HealthLevel.critical.rawValue,
            message:
                "what recyclicd remembers can't be read: \(error.message); jobs, verifications, drills and when something is "
                + "due are not known now",
            hint: error.hint
        )
    }

    private func quickRepositoryView(_ settings: Settings, cluster: String?) async -> Assessment.RepositoryView {
        let view = try? await withPatience(Self.repositoryPatience) {
            await repositoryView(settings, cluster: cluster)
        }
        if let view { return view }
        let path = settings.paths.repository
        return Assessment.RepositoryView(unreadableAt: path, JobFailure(RepositorySilent(path: path)))
    }

    private func measurements(
        _ settings: Settings,
        _ view: Assessment.RepositoryView,
        _ observation: DatabaseMonitor.Observation,
        cluster: String?
    ) async -> HealthMeasurements {
        let dumps = DumpView(
            intact: view.backups,
            method: methods.current.method,
            wanted: settings.backup.dumpDatabases,
            cluster: cluster
        )
        let reach = await alerts.reach
        return HealthMeasurements(
            firstStart: firstStart,
            repositoryTrouble: view.trouble,
            backupCount: view.state.error == nil ? view.backups.count : nil,
            newestRestorable: dumps.restorable.map {
                .init(id: $0.id.description, restorablePoint: $0.summary.restorablePoint.date)
            },
            newestWithFindings: Self.findings(view),
            freeBytes: view.state.freeBytes,
            databaseTrouble: observation.trouble.map {
                .init(message: $0.message, hint: $0.hint, since: observation.since)
            },
            offsite: settings.backup.isOffsiteWaived ? .waived : .missing,
            deliveryTroubles: reach.troubles,
            isAnybodyReached: reach.isAnybodyReached
        )
    }

    /// The newest base backup, if the server found wrong checksums.
    static func findings(_ view: Assessment.RepositoryView) -> HealthMeasurements.Findings? {
        guard let newest = view.backups.last(where: { $0.id.kind == .base }), newest.summary.findings > 0 else {
            return nil
        }
        return .init(
            backupID: newest.id.description,
            foundAt: newest.summary.startedAt.date,
            count: newest.summary.findings
        )
    }
}
