import ControlAPI

/// How jobs are shown: as a line of progress, as a row, and in full.
struct JobView {
    let job: Job
    let terminal: Terminal
    /// Seconds since 1970.
    let now: Double

    /// One line: what it is and how far it has come.
    var line: String {
        var parts = ["\(job.id) \(job.kind)" + (job.target.map { " of \($0)" } ?? "") + ":"]
        switch job.state {
        case "running": parts.append(progress)
        case "queued": parts.append("waiting for its turn")
        default: parts.append(outcome)
        }
        return parts.joined(separator: " ")
    }

    /// Phase, percent, amount, rate and time left, as far as they are known.
    var progress: String {
        var parts = [job.phase ?? "starting"]
        if let percent = job.percent { parts.append("\(SizeText.fixed(percent, decimals: 0)) %") }
        if job.bytesDone > 0 || job.bytesTotal != nil {
            let total = job.bytesTotal.map { " of \(SizeText.size($0))" } ?? ""
            parts.append(SizeText.size(job.bytesDone) + total)
        }
        if let rate = job.bytesPerSecond, rate > 0 { parts.append(SizeText.rate(rate)) }
        if let left = job.etaSeconds { parts.append("\(TimeText.duration(left)) left") }
        return parts.joined(separator: ", ")
    }

    /// How an ended job ended.
    var outcome: String {
        switch job.state {
        case "succeeded": terminal.styled("succeeded", .good) + took
        case "failed": terminal.styled("failed", .bad) + took + (job.error.map { ": \($0.message)" } ?? "")
        case "cancelled": "cancelled" + took
        case "interrupted": terminal.styled("interrupted", .bad) + ": the daemon ended while it ran"
        default: job.state
        }
    }

    private var took: String {
        guard
            let started = job.startedAt.flatMap(TimeText.seconds),
            let finished = job.finishedAt.flatMap(TimeText.seconds)
        else { return "" }
        return " after \(TimeText.wholeSeconds(max(0, finished - started)))"
    }

    /// All that is known of the job.
    var lines: [String] {
        var lines = [line, "  requested by \(job.requestedBy) at \(TimeText.local(job.createdAt))"]
        if let backup = job.backup { lines.append("  backup \(backup)") }
        lines += job.warnings.map { "  \(terminal.styled("warning", .caution)): \($0)" }
        if let hint = job.error?.hint { lines.append("  → \(hint)") }
        return lines
    }

    /// The table of `jobs list`.
    static func table(_ jobs: [Job], terminal: Terminal, now: Double) -> [String] {
        guard !jobs.isEmpty else { return ["no jobs yet"] }
        var table = Table([
            ("JOB", .left), ("KIND", .left), ("STARTED", .left), ("STATE", .left), ("BY", .left), ("DETAIL", .left),
        ])
        for job in jobs {
            let view = JobView(job: job, terminal: .plain, now: now)
            let detail = job.state == "running" ? view.progress : job.error?.message ?? job.backup ?? job.target ?? ""
            let started = job.startedAt ?? job.createdAt
            table.add([job.id, job.kind, TimeText.local(started), job.state, job.requestedBy, detail])
        }
        return table.lines
    }
}
