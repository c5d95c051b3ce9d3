import FoundationEssentials
import State
import TestSupport
import Testing

@testable import Monitoring

@Suite("Metrics")
struct MetricsTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)
    private var live: LiveFacts {
        var alerts = LiveFacts.Alerts()
        alerts.open = [("firing", "critical", 1), ("firing", "warning", 0)]
        alerts.deliveries = [("email", "delivered", 3)]
        return LiveFacts(
            version: "1.2.3",
            startedAt: now - 3600,
            process: ProcessUsage(cpuSeconds: 1.5, residentBytes: 30 << 20),
            pool: LiveFacts.Pool(),
            alerts: alerts
        )
    }

    private var full: CollectedFacts { .full(now: now) }

    private func text(_ facts: CollectedFacts?) -> String {
        PrometheusText.render(DaemonMetrics.families(facts, live: live, now: now))
    }

    @Test("promtool finds nothing to say of all metrics, nor of those before the first collection")
    func promtool() throws {
        for text in [text(full), text(nil)] {
            let result = try Program.run("promtool", ["check", "metrics"], input: text)
            #expect(result.status == 0 && result.output == "" && result.errors == "", "\(result)\n\(text)")
        }
    }

    @Test("ages are those of the scrape, the newest backup's figures those of its kind")
    func values() {
        let lines = text(full).split(separator: "\n").map(String.init)
        for line in [
            "recyclic_exposure_seconds 3600", "recyclic_backup_age_seconds 3600", "recyclic_backups 2",
            #"recyclic_backup_last_added_bytes{kind="base"} 10"#, #"recyclic_backup_last_stored_bytes{kind="base"} 60"#,
            #"recyclic_health{level="critical"} 1"#,
            #"recyclic_health_reason{code="noOffsiteCopy"} 1"#, #"recyclic_health_reason{code="noBackup"} 0"#,
            #"recyclic_health_reason{code="verifyFailed"} 2"#,
            #"recyclic_database_info{version="15.20 \"\\Debian\""} 1"#, "process_cpu_seconds_total 1.5",
            #"recyclic_drill_last_phase_duration_seconds{phase="replay"} 40"#,
            #"recyclic_jobs{kind="backup",state="succeeded"} 2"#, #"recyclic_build_info{version="1.2.3"} 1"#,
        ] where !lines.contains(line) {
            Issue.record("\(line) is missing in:\n\(lines.joined(separator: "\n"))")
        }
    }

    @Test("what is not known has no metric, and no name is without a sample")
    func unknown() {
        let facts = CollectedFacts(
            collectedAt: now,
            collectionSeconds: 0.1,
            measurements: HealthMeasurements(firstStart: now - 100),
            thresholds: HealthThresholds()
        )
        let text = text(facts)
        #expect(text.contains("recyclic_exposure_seconds +Inf\n"))
        #expect(text.contains("recyclic_backup_age_seconds 100\n"))
        for name in ["repository_size", "repository_full", "drill_last", "verify_last", "backup_last", "database_info"]
        {
            #expect(!text.contains("recyclic_\(name)"))
        }
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        for name in names {
            #expect(text.contains("\n\(name) ") || text.contains("\n\(name){"), "\(name) has no sample")
        }
    }

    @Test("every name is there once, and its samples have the same labels, each combination once")
    func labels() {
        let families = DaemonMetrics.families(full, live: live, now: now)
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(Set(family.samples.map { $0.labels.map(\.name) }).count <= 1, "\(family.name)")
            #expect(Set(family.samples.map(\.labels)).count == family.samples.count, "\(family.name)")
        }
    }

    @Test(
        "numbers are written as scrapers read them",
        arguments: [(1, "1"), (0.25, "0.25"), (-3, "-3"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e18, "1e+18")]
            as [(Double, String)]
    )
    func number(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }
}
