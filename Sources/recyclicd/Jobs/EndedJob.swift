import Logging
import State

/// How a job ended, as the log tells it.
struct EndedJob {
    let kind: JobKind
    let outcome: JobOutcome
    let requestedBy: String

    /// What happened, where that is an event of its own.
    var event: DaemonEvent? {
        switch (kind, outcome) {
        case (.drill, .succeeded): .drillPassed
        case (.backup, .failed), (.dump, .failed): .backupFailed
        case (_, .failed(let failure, _)):
            switch failure.code {
            case "damageFound": .damageFound
            case "drillFailed": .drillFailed
            case "drillCannotJudge": .drillCannotJudge
            case "retentionHeldBack": .retentionHeldBack
            default: nil
            }
        default: nil
        }
    }

    /// A healthy day is few lines: what a backup stored is told where it is stored, and retention tells what it removes.
    var level: Logger.Level {
        switch (kind, outcome) {
        case (.drill, .succeeded), (_, .cancelled): .notice
        case (.backup, .succeeded), (.dump, .succeeded), (.retention, .succeeded), (.gc, .succeeded): .debug
        case (_, .succeeded): .info
        // That nothing could be judged says nothing against the backup.
        case (_, .failed(let failure, _)): failure.code == "drillCannotJudge" ? .warning : .error
        }
    }

    /// The sentence.
    var message: String {
        switch outcome {
        case .succeeded: "\(kind.rawValue) succeeded"
        case .cancelled: "\(kind.rawValue) was cancelled"
        case .failed(let failure, _): "\(kind.rawValue) failed: \(failure.message)"
        }
    }

    /// Tells it.
    ///
    /// - Parameter logger: Carries the job's number.
    func log(to logger: Logger) {
        var metadata: Logger.Metadata = [LogKey.requestedBy: "\(requestedBy)"]
        if case .failed(let failure, _) = outcome, let hint = failure.hint { metadata[LogKey.hint] = "\(hint)" }
        if let backup { metadata[LogKey.backup] = "\(backup)" }
        if let event { metadata[LogKey.event] = "\(event.rawValue)" }
        logger.log(level: level, "\(message)", metadata: metadata)
    }

    /// The backup that the job stored or worked on; `nil` also when there are several, each of which was told by itself.
    private var backup: String? {
        let record: JobRecord? =
            switch outcome {
            case .succeeded(let result), .failed(_, let result), .cancelled(let result): JobRecord(text: result)
            }
        let backups = record?.backupIDs ?? []
        return backups.count == 1 ? backups[0] : nil
    }
}
