import ControlAPI
import FoundationEssentials
import Monitoring
import Repository
import State

/// The report on a period, put together from what is remembered of it.
struct ReportDescription {
    /// How many events it tells; the newest count. Nobody reads more, and a message has its limit.
    static let maximumEvents = 2_000
    static let maximumJobs = 2_000

    let since: Date
    let until: Date
    let now: Date
    /// Those of the period.
    let samples: [HistorySample]
    let events: [State.Event]
    let jobs: [State.Job]
    let drills: [DrillRecord]
    /// Those that were open at a time of the period.
    let alerts: [ControlAPI.Alert]
    /// How things are now.
    let assessment: Assessment
    let server: String

    var report: Report {
        let weights = SampleSpan.seconds(samples, until: until)
        let peak = ExposurePeak.peak(of: samples)
        return Report(
            since: TimeFormat.text(since),
            until: TimeFormat.text(until),
            generatedAt: TimeFormat.text(now),
            instance: HostName.current,
            version: Version.text,
            server: server,
            watchedSeconds: weights.reduce(0, +),
            databaseReachableSeconds: zip(samples, weights).reduce(0) { $0 + ($1.0.isDatabaseReachable ? $1.1 : 0) },
            exposureMaximum: peak.map { StatusReporter.describe($0.amount, basis: ExposureBasis.sinceLastBackup.text) },
            exposureMaximumAt: peak.map { TimeFormat.text($0.time) },
            hasOffsiteCopy: false,
            health: Monitoring.HealthSpan.spans(samples, from: since, to: until).map {
                ControlAPI.HealthSpan(
                    from: TimeFormat.text($0.from),
                    to: TimeFormat.text($0.to),
                    level: $0.level?.rawValue
                )
            },
            events: events.suffix(Self.maximumEvents).map(EventDescription.describe),
            eventsLeftOut: Int64(max(0, events.count - Self.maximumEvents)),
            jobs: jobs.suffix(Self.maximumJobs).map { JobDescription.describe($0, live: nil) },
            backups: assessment.view.backups.filter {
                (since..<until).contains($0.summary.startedAt.date)
            }.map(BackupDescription.describe),
            drills: drills.map(describe),
            alerts: alerts,
            reasons: assessment.report.reasons.map(StatusReporter.describe)
        )
    }

    private func describe(_ drill: DrillRecord) -> DrillReport {
        DrillReport(
            id: "d\(drill.id)",
            backup: drill.backupID,
            verdict: drill.verdict.rawValue,
            startedAt: TimeFormat.text(drill.startedAt),
            durationSeconds: drill.finishedAt.timeIntervalSince(drill.startedAt),
            reasons: drill.reason.map { [$0] } ?? [],
            phases: drill.phases.map { Phase(name: $0.name, durationSeconds: $0.seconds) },
            checks: drill.checks.map { Check(name: $0.name, state: $0.verdict.rawValue, detail: $0.message) }
        )
    }
}
