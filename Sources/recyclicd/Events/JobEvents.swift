import State

/// What is worth recording of a job's end. Pure.
enum JobEvents {
    /// - Parameters:
    ///   - id: The job.
    ///   - kind: What it did.
    ///   - outcome: How it ended.
    ///   - told: What its work has to tell itself.
    ///   - canceller: Who cancelled it.
    static func drafts(
        _ id: JobID,
        _ kind: JobKind,
        _ outcome: JobOutcome,
        told: [EventDraft] = [],
        cancelledBy canceller: String? = nil
    ) -> [EventDraft] {
        switch outcome {
        case .succeeded: return told
        case .failed(let failure, _):
            // What its work found says more than that the job counts as failed.
            guard told.isEmpty else { return told }
            let kindOfEvent: EventKind = [.backup, .dump].contains(kind) ? .backupFailed : .jobFailed
            let details = try? JSONText(encoding: failure)
            let message = "\(kind.rawValue) \(id) failed: \(failure.message)"
            return [EventDraft(kindOfEvent, .error, subject: id.description, message, details: details)]
        case .cancelled:
            let author = canceller.map { " by \($0)" } ?? ""
            // What was done before stays done.
            return told + [
                EventDraft(
                    [.backup, .dump].contains(kind) ? .backupCancelled : .jobCancelled,
                    [.backup, .dump].contains(kind) ? .warning : .info,
                    subject: id.description,
                    "\(kind.rawValue) \(id) was cancelled\(author)"
                )
            ]
        }
    }
}
