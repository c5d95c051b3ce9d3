import ControlAPI
import FoundationEssentials
import Monitoring
import Repository
import State

/// What is known at a moment, and how it is judged: the common ground of status, metrics and history.
struct Assessment: Sendable {
    /// What was read of the repository.
    struct RepositoryView: Sendable {
        var state: RepositoryState
        var backups: [ListedBackup] = []
        /// All of it; `nil` when it can't be used.
        var listing: BackupListing?
        /// What is wrong with the newest base backup and the newest dump, by id.
        var findings: [String: [Finding]] = [:]
        /// Whether the newest dump holds the passwords of roles.
        var holdsRolePasswords: Bool?
        /// The databases that the newest dump says no dump was taken of, with the reasons.
        var leftOut: [String] = []
        var trouble: HealthMeasurements.Trouble?
    }

    var now: Date
    var observation: DatabaseMonitor.Observation
    var view: RepositoryView
    var measurements: HealthMeasurements
    var thresholds: HealthThresholds
    /// What verify runs said of each backup.
    var verifications: [String: BackupVerification]
    var drill: DrillRecord?
    var verify: VerifyRun?

    /// The judgement.
    var report: HealthReport { Health.evaluate(measurements, thresholds: thresholds, now: now) }

    /// What would be lost.
    var exposure: Monitoring.Exposure {
        .sinceLastBackup(
            localPoint: measurements.newestRestorable?.restorablePoint,
            offsitePoint: nil,
            now: now
        )
    }
}

extension Assessment.RepositoryView {
    /// Of a repository that can't be read.
    init(unreadableAt path: String, _ failure: JobFailure) {
        self.init(
            state: RepositoryState(
                path: path,
                backups: 0,
                error: Failure(code: failure.code, message: failure.message, hint: failure.hint)
            ),
            trouble: HealthMeasurements.Trouble(message: failure.message, hint: failure.hint)
        )
    }
}
