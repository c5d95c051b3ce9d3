import ControlAPI
import Glibc
import Testing
import Varlink

@testable import recyclicctl

/// How history, events and the report are shown.
@Suite
struct RecordViewTests {
    private func bucket(_ hour: Int, health: String = "ok", exposure: Double? = 3_600) -> HistoryBucket {
        HistoryBucket(
            from: "2026-11-22T0\(hour):00:00Z",
            to: "2026-11-22T0\(hour + 1):00:00Z",
            observedSeconds: 3_600,
            worstHealth: health,
            okSeconds: health == "ok" ? 3_600 : 3_000,
            warningSeconds: 0,
            criticalSeconds: health == "critical" ? 600 : 0,
            everythingExposed: exposure == nil,
            exposureMaximumSeconds: exposure,
            backups: 3,
            repositoryBytes: 1 << 30,
            freeMinimumBytes: 20 << 30,
            databaseReachableSeconds: health == "ok" ? 3_600 : 3_599.5,
            residentMaximumBytes: 30 << 20,
            cpuSeconds: 3.6
        )
    }

    @Test
    func `what others named can't forge lines or drive a terminal`() {
        let event = Event(
            id: 1,
            time: "2026-11-22T00:00:00Z",
            kind: "pinned",
            severity: "info",
            message: "a\r\n2026-11-22 b\u{1b}[2J \u{202e}c 👩‍🔧"
        )
        let line = EventView.line(event, terminal: .plain)
        #expect(line.hasSuffix(#"a 2026-11-22 b\u{1b}[2J \u{202e}c 👩‍🔧"#), "\(line)")
    }

    @Test
    func `a line of the history tells the worst, and for how long it was`() throws {
        let history = GetHistory.Output(
            since: "2026-11-22T00:00:00Z",
            until: "2026-11-22T03:00:00Z",
            by: "hour",
            timeZone: "UTC",
            buckets: [bucket(0), bucket(1, health: "critical"), bucket(2, exposure: nil)]
        )
        let lines = HistoryView.lines(history, terminal: .plain)
        #expect(lines[0].hasPrefix("HOUR") && lines[0].hasSuffix("CPU"))
        #expect(lines[1].contains("  ok ") && lines[1].contains("100 %") && lines[1].hasSuffix("0.10 %"))
        #expect(lines[2].contains("critical for 10 min") && lines[2].contains("99.9 %"))
        #expect(lines[3].contains("everything"))
        #expect(Set(lines[..<4].map(\.count)).count == 1, "the columns are aligned: \(lines)")
        #expect(lines.contains { $0.hasPrefix("exposed     ███") }, "\(lines)")
        let nothing = GetHistory.Output(
            since: history.since,
            until: history.until,
            by: "day",
            timeZone: "UTC",
            buckets: []
        )
        #expect(HistoryView.lines(nothing, terminal: .plain).first?.hasPrefix("nothing was measured") == true)
    }

    @Test(
        arguments: [
            ([], 10, ""), ([0, 0], 10, "▁▁"), ([1, nil, 4, 8], 10, "▂ ▅█"), ([1, .infinity], 10, "██"),
            ([1, 8, 2, 2], 2, "█▃"), ([5], 0, ""),
        ] as [([Double?], Int, String)]
    )
    func `bars show how values go`(values: [Double?], width: Int, text: String) {
        #expect(Sparkline.text(values, width: width) == text)
    }

    @Test
    func `the report says the period, the worst moment, and what happened, and stays Markdown whatever the texts hold`()
    {
        let report = Report(
            since: "2026-11-22T00:00:00Z",
            until: "2026-11-22T06:00:00Z",
            generatedAt: "2026-11-22T07:00:00Z",
            instance: "shop",
            version: "1.0",
            server: "db:5432",
            watchedSeconds: 3_600 * 5,
            databaseReachableSeconds: 3_600 * 4,
            exposureMaximum: Exposure(state: "seconds", seconds: 93_600, basis: "since the last backup"),
            exposureMaximumAt: "2026-11-22T02:00:00Z",
            hasOffsiteCopy: false,
            health: [
                HealthSpan(from: "2026-11-22T00:00:00Z", to: "2026-11-22T05:00:00Z", level: "critical"),
                HealthSpan(from: "2026-11-22T05:00:00Z", to: "2026-11-22T06:00:00Z", level: nil),
            ],
            events: [
                Event(
                    id: 7,
                    time: "2026-11-22T02:00:00Z",
                    kind: "backupFailed",
                    severity: "error",
                    subject: "j3",
                    message: "a | pipe,\na line and <b>*stars*"
                )
            ],
            eventsLeftOut: 0,
            jobs: [
                Job(
                    id: "j3",
                    kind: "backup",
                    state: "failed",
                    requestedBy: "schedule",
                    createdAt: "2026-11-22T01:00:00Z",
                    startedAt: "2026-11-22T01:00:00Z",
                    finishedAt: "2026-11-22T01:00:42Z",
                    bytesDone: 0,
                    filesDone: 0,
                    warnings: [],
                    error: Failure(code: "diskFull", message: "the disk is full")
                )
            ],
            backups: [],
            drills: [],
            alerts: [
                Alert(
                    id: "a4",
                    code: "diskSpace",
                    state: "firing",
                    level: "warning",
                    worstLevel: "critical",
                    message: "0.5 GiB free",
                    since: "2026-11-22T02:00:00Z",
                    firedAt: "2026-11-22T02:05:00Z",
                    told: ["email ann@example.org"]
                )
            ],
            reasons: [Reason(code: "diskSpace", level: "critical", message: "no space")]
        )
        let lines = ReportView(report: report).lines
        let text = lines.joined(separator: "\n")
        for part in [
            "# Incident report: shop", "(6 h)", "5 h of 6 h", "critical for 5 h", "0 stored, 1 failed",
            "did not answer for 1 h", "**1 day 2 h**", "no copy on another machine", "not watched",
            "a \\| pipe, a line and \\<b>\\*stars\\*", "42 s", "failed: the disk is full",
            "| a4 diskSpace | critical |", "- **critical**: no space",
        ] where !text.contains(part) {
            Issue.record("'\(part)' is missing in:\n\(text)")
        }
        for table in text.split(separator: "\n\n") where table.hasPrefix("|") {
            let columns = table.split(separator: "\n").map { $0.replacing("\\|", with: "").filter { $0 == "|" }.count }
            #expect(Set(columns).count == 1, "\(table)")
        }
    }
}
