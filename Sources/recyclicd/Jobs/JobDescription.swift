import Blocking
import ControlAPI
import FoundationEssentials
import State

/// Jobs as the control interface shows them.
enum JobDescription {
    /// - Parameters:
    ///   - job: What is recorded of it.
    ///   - live: Its counters while it runs.
    static func describe(
        _ job: State.Job,
        live: (snapshot: ProgressSnapshot, secondsInPhase: Double)?
    ) -> ControlAPI.Job {
        let progress = live.map { JobProgress($0.snapshot) } ?? job.progress
        let detail = try? JSONDecoder().decode(JobDetail.self, from: Data(job.detail.text.utf8))
        var described = ControlAPI.Job(
            id: job.id.description,
            kind: job.kind.rawValue,
            state: job.state.rawValue,
            requestedBy: job.requestedBy,
            target: detail?.target,
            createdAt: TimeFormat.text(job.createdAt),
            startedAt: job.startedAt.map(TimeFormat.text),
            finishedAt: job.finishedAt.map(TimeFormat.text),
            phase: live?.snapshot.phase ?? job.phase,
            bytesDone: progress.bytesDone,
            bytesTotal: progress.bytesTotal,
            filesDone: progress.filesDone,
            filesTotal: progress.filesTotal,
            backup: JobRecord(job)?.backupIDs.first,
            warnings: job.warnings,
            error: job.failure.map { Failure(code: $0.code, message: $0.message, hint: $0.hint) }
        )
        guard job.state == .running else { return described }
        if let total = progress.bytesTotal, total > 0 {
            // The total of a running backup is the server's estimate and may be passed.
            described.percent = min(100, Double(progress.bytesDone) * 100 / Double(total))
        }
        if let seconds = live?.secondsInPhase, seconds >= 1, progress.bytesDone > 0 {
            let rate = Double(progress.bytesDone) / seconds
            described.bytesPerSecond = rate
            if let total = progress.bytesTotal, total > progress.bytesDone {
                described.etaSeconds = Double(total - progress.bytesDone) / rate
            }
        }
        return described
    }
}
