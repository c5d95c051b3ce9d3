import ControlAPI

/// The one screen of `status`.
struct StatusView {
    let status: GetStatus.Output
    let terminal: Terminal
    /// Seconds since 1970.
    let now: Double

    /// The screen's lines.
    var lines: [String] {
        var lines = [headline]
        for reason in status.reasons { lines += describe(reason) }
        lines.append("")
        lines += fields
        lines += alerts
        if !status.jobs.isEmpty {
            lines.append("")
            lines += status.jobs.map { JobView(job: $0, terminal: terminal, now: now).line }
        }
        return lines
    }

    private var headline: String {
        let text =
            switch status.health {
            case "ok": terminal.styled("OK", .good)
            case "warning": terminal.styled("WARNING", .caution)
            default: terminal.styled("CRITICAL", .bad)
            }
        let name = terminal.styled(status.instance, .bold)
        return "\(name): \(text)" + (status.reasons.isEmpty ? " - everything that can be known is good" : "")
    }

    private func describe(_ reason: Reason) -> [String] {
        let sign =
            switch reason.level {
            case "critical": terminal.styled("critical", .bad)
            case "warning": terminal.styled("warning ", .caution)
            default: "note    "
            }
        let since = reason.since.map { " (since \(TimeText.local($0)))" } ?? ""
        var lines = ["  \(sign)  \(reason.message)\(since)"]
        if let hint = reason.hint { lines.append("            \(terminal.styled("→ \(hint)", .dim))") }
        return lines
    }

    private var fields: [String] {
        var rows: [(String, String)] = [
            ("If the database is damaged", exposure(status.databaseDamaged)),
            ("If this machine is lost", exposure(status.machineLost)),
            ("Last backup", text(of: status.lastBackup)),
            ("Last verify", lastVerify),
            ("Last drill", lastDrill),
        ]
        if status.method != "dump", let dump = status.lastDump { rows.insert(("Last dump", text(of: dump)), at: 3) }
        if let protection = status.protection { rows.insert(("Protected by", protection), at: 0) }
        for run in status.nextRuns {
            let when = "\(TimeText.relative(run.at, now: now)) (\(TimeText.local(run.at)), zone \(run.timeZone))"
            rows.append(("Next \(run.kind)", when + (run.reason.map { ", \($0)" } ?? "")))
        }
        rows += [("Server", server), ("Repository", repository), ("Connections", pool)]
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.0.count)
            return "\(terminal.styled(row.0, .dim))\(padding)  \(row.1)"
        }
    }

    /// What people are told of, and whom that does not reach.
    private var alerts: [String] {
        let open = status.alerts.filter { $0.state != "pending" }
        var lines = open.map { AlertView.line($0, now: now) }
        lines += status.silences.map { "\(AlertView.name($0)) until \(TimeText.local($0.endsAt))" }
        lines += status.recipients.map { AlertView.line($0, now: now) }
        if lines.isEmpty { return [] }
        return ["", terminal.styled("Alerts", .dim)] + lines.map { "  \($0)" }
    }

    private func exposure(_ exposure: ControlAPI.Exposure) -> String {
        switch exposure.state {
        case "seconds":
            "\(TimeText.duration(exposure.seconds ?? .infinity)) of data lost (\(exposure.basis))"
        case "everything":
            "everything lost (\(exposure.basis))"
        default:
            exposure.seconds.map { "unknown, at most \(TimeText.duration($0)) of data lost (\(exposure.basis))" }
                ?? "unknown (\(exposure.basis))"
        }
    }

    private func text(of backup: Backup?) -> String {
        guard let backup else { return status.repository.error == nil ? "never" : "not known now" }
        let marks = backup.findings.isEmpty ? "" : ", \(SizeText.count(Int64(backup.findings.count), "finding"))"
        let database = backup.database.map { " of \($0)" } ?? ""
        return
            "\(backup.id)\(database), \(TimeText.relative(backup.finishedAt, now: now)), \(SizeText.size(backup.logicalBytes))"
            + ", added \(SizeText.size(backup.addedBytes)), took \(TimeText.wholeSeconds(backup.durationSeconds))\(marks)"
    }

    /// Whether the daemon could read what it remembers.
    private var isStateKnown: Bool { !status.reasons.contains { $0.code == Reason.stateUnreadable } }

    private var lastVerify: String {
        guard let verify = status.lastVerify else { return isStateKnown ? "never" : "not known now" }
        let outcome = verify.ok ? "good" : SizeText.count(Int64(verify.damaged.count), "damaged object")
        return "\(outcome), \(TimeText.relative(verify.startedAt, now: now)), "
            + "\(verify.full ? "full, " : "")\(SizeText.size(verify.checkedBytes)) read"
    }

    private var lastDrill: String {
        guard let drill = status.lastDrill else { return isStateKnown ? "never" : "not known now" }
        let time = drill.recoverySeconds.map { ", a restore takes \(TimeText.duration($0))" } ?? ""
        return "\(DrillView.verdictText(drill.verdict)), \(TimeText.relative(drill.startedAt, now: now)), "
            + "of \(drill.backup)\(time)"
    }

    private var server: String {
        var text = "\(status.server.address), "
        text += status.server.version.map { "PostgreSQL \($0)" } ?? "version unknown"
        if status.server.reachable { return text }
        let since = status.server.since.map { " since \(TimeText.local($0))" } ?? ""
        return text + ", not reachable\(since)"
    }

    private var repository: String {
        let state = status.repository
        if let error = state.error { return "\(state.path), \(error.message)" }
        var text = "\(state.path), \(SizeText.count(Int64(state.backups), "backup"))"
        if let stored = state.storedBytes { text += ", \(SizeText.size(stored)) stored" }
        if let free = state.freeBytes { text += ", \(SizeText.size(free)) free" }
        return text
    }

    private var pool: String {
        let pool = status.pool
        var text = "\(pool.leased) in use, \(pool.idle) idle"
        if pool.waiting > 0 { text += ", \(pool.waiting) waiting" }
        if pool.failures > 0 { text += ", \(SizeText.count(pool.failures, "failed attempt"))" }
        return text
    }
}
