import ControlAPI

/// The report on a period as Markdown, for the records.
struct ReportView {
    let report: Report

    var lines: [String] {
        head + section("Summary", summary) + section("What could have been lost", loss)
            + section("Health", health) + section("What happened", events) + section("Jobs", jobs)
            + section("Backups taken", backups) + section("Restores rehearsed", drills) + section("Alerts", alerts)
            + section("Wrong at the time of this report", reasons)
    }

    private func section(_ title: String, _ lines: [String]) -> [String] { ["", "## \(title)", ""] + lines }

    private var periodSeconds: Double {
        guard let since = TimeText.seconds(report.since), let until = TimeText.seconds(report.until) else { return 0 }
        return until - since
    }

    // MARK: - Head

    private var head: [String] {
        ["# Incident report: \(text(report.instance))", ""]
            + table(
                ["", ""],
                [
                    ["Period", "\(time(report.since)) to \(time(report.until)) (\(TimeText.duration(periodSeconds)))"],
                    ["Instance", "\(report.instance), recyclicd \(report.version)"],
                    ["Server", report.server],
                    ["Written", time(report.generatedAt)],
                    ["Watched", watched],
                ]
            )
    }

    private var watched: String {
        let missing = periodSeconds - report.watchedSeconds
        if report.watchedSeconds <= 0 { return "not at all: recyclicd has no measurement of this period" }
        guard missing > 120 else { return "all of the period" }
        return
            "\(TimeText.duration(report.watchedSeconds)) of \(TimeText.duration(periodSeconds)); of the rest nothing is "
            + "known"
    }

    // MARK: - Summary

    private var summary: [String] {
        let failed = report.jobs.filter {
            ["backup", "dump"].contains($0.kind) && ["failed", "interrupted"].contains($0.state)
        }.count
        // A dump job stores one backup for each database, those that it could also when it fails.
        let stored = report.events.filter { $0.kind == "backupStored" }.count
        var lines = ["- Health: \(healthTotals)"]
        lines.append("- Backups: \(stored) stored, \(failed) failed")
        let passed = report.drills.filter { $0.verdict == "passed" }.count
        lines.append("- Rehearsed restores: \(passed) passed of \(report.drills.count)")
        lines.append("- Database: \(database)")
        let errors = report.events.filter { $0.severity == "error" }.count
        let warnings = report.events.filter { $0.severity == "warning" }.count
        lines.append("- Events: \(report.events.count), of them \(errors) errors and \(warnings) warnings")
        return lines
    }

    private var healthTotals: String {
        let totals = ["critical", "warning", "ok"].compactMap { level -> String? in
            let seconds = report.health.filter { $0.level == level }.map(duration).reduce(0, +)
            return seconds > 0 ? "\(level) for \(TimeText.duration(seconds))" : nil
        }
        return totals.isEmpty ? "not known" : totals.joined(separator: ", ")
    }

    private var database: String {
        let away = report.watchedSeconds - report.databaseReachableSeconds
        if report.watchedSeconds <= 0 { return "not known" }
        return away < 1 ? "answered whenever it was asked" : "did not answer for \(TimeText.duration(away))"
    }

    // MARK: - Loss

    private var loss: [String] {
        var lines: [String] = []
        switch (report.exposureMaximum?.state, report.exposureMaximum?.seconds, report.exposureMaximumAt) {
        case ("seconds", let seconds?, let at?):
            lines.append(
                "If the database had been damaged at the worst moment of this period, \(time(at)), what was written in "
                    + "the **\(TimeText.duration(seconds))** before that would have been lost (measured "
                    + "\(report.exposureMaximum?.basis ?? ""))."
            )
        case ("everything", _, let at?):
            lines.append(
                "For a part of this period, first seen at \(time(at)), there was nothing to restore: a damaged database "
                    + "would have meant the loss of **everything**."
            )
        default:
            lines.append("How much would have been lost is not known: nothing was measured in this period.")
        }
        if !report.hasOffsiteCopy {
            lines += [
                "",
                "recyclicd knew of no copy on another machine: what it kept would have been lost with this machine.",
            ]
        }
        return lines + [
            "",
            "This says what a restore could have brought back. Whether data was really lost in the database is not for "
                + "recyclicd to see.",
        ]
    }

    // MARK: - Tables

    private var health: [String] {
        table(
            ["From", "To", "For", "Health"],
            report.health.map {
                [time($0.from), time($0.to), TimeText.duration(duration($0)), $0.level ?? "not watched"]
            }
        )
    }

    private var events: [String] {
        guard !report.events.isEmpty else { return ["Nothing was recorded."] }
        let left = report.eventsLeftOut > 0 ? ["", "\(report.eventsLeftOut) earlier events are left out."] : []
        return table(
            ["Time", "Severity", "Event", "What"],
            report.events.map { [time($0.time), $0.severity, $0.kind, $0.message] }
        ) + left
    }

    private var jobs: [String] {
        guard !report.jobs.isEmpty else { return ["None."] }
        return table(
            ["Job", "Kind", "Asked by", "Started", "Took", "Ended"],
            report.jobs.map { job in
                var took = ""
                if let start = job.startedAt.flatMap(TimeText.seconds),
                    let end = job.finishedAt.flatMap(TimeText.seconds)
                {
                    took = TimeText.wholeSeconds(max(0, end - start))
                }
                let ended = job.state + (job.error.map { ": \($0.message)" } ?? "")
                return [job.id, job.kind, job.requestedBy, time(job.startedAt ?? job.createdAt), took, ended]
            }
        )
    }

    private var backups: [String] {
        guard !report.backups.isEmpty else { return ["None that is still there."] }
        return table(
            ["Backup", "Began", "Took", "Data", "Added", "Proved by a drill"],
            report.backups.map {
                [
                    $0.id, time($0.startedAt), TimeText.wholeSeconds($0.durationSeconds),
                    SizeText.size($0.logicalBytes),
                    SizeText.size($0.addedBytes), $0.provedAt.map(time) ?? "no",
                ]
            }
        )
    }

    private var drills: [String] {
        guard !report.drills.isEmpty else { return ["None."] }
        return table(
            ["Drill", "Backup", "Began", "Took", "Verdict", "Phases"],
            report.drills.map { drill in
                let phases = drill.phases.map { "\($0.name) \(TimeText.duration($0.durationSeconds))" }
                let why = drill.reasons.first.map { ": \($0)" } ?? ""
                return [
                    drill.id, drill.backup, time(drill.startedAt), TimeText.duration(drill.durationSeconds),
                    DrillView.verdictText(drill.verdict) + why, phases.joined(separator: ", "),
                ]
            }
        )
    }

    private var alerts: [String] {
        guard !report.alerts.isEmpty else { return ["None."] }
        return table(
            ["Alert", "Level", "Since", "Told", "Acknowledged by", "Over", "What"],
            report.alerts.map { alert in
                [
                    "\(alert.id) \(alert.code)", alert.worstLevel, time(alert.since), alert.firedAt.map(time) ?? "no",
                    alert.acknowledgedBy ?? "nobody", alert.resolvedAt.map(time) ?? "no", alert.message,
                ]
            }
        )
    }

    private var reasons: [String] {
        report.reasons.isEmpty ? ["Nothing."] : report.reasons.map { "- **\($0.level)**: \(text($0.message))" }
    }

    // MARK: - Words

    private func duration(_ span: HealthSpan) -> Double {
        guard let from = TimeText.seconds(span.from), let to = TimeText.seconds(span.to) else { return 0 }
        return max(0, to - from)
    }

    private func time(_ text: String) -> String { TimeText.localToTheSecond(text) }

    private func table(_ headings: [String], _ rows: [[String]]) -> [String] {
        let line = { (cells: [String]) in "| \(cells.joined(separator: " | ")) |" }
        return [line(headings), line(headings.map { _ in "---" })] + rows.map { line($0.map(text)) }
    }

    /// Text that stays in its cell and means nothing to Markdown.
    private func text(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            switch character {
            case "|", "\\", "`", "*", "_", "<", "[": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }
}
