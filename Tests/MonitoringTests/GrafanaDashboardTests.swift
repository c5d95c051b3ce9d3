import Foundation
import Monitoring
import TestSupport
import Testing

@Suite("Dashboard for Grafana")
struct GrafanaDashboardTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct Source: Decodable, Equatable {
        var type: String
        var uid: String
    }

    private struct Target: Decodable {
        var refId: String
        var datasource: Source
        var expr: String
    }

    private struct Place: Decodable {
        var x: Int
        var y: Int
        var w: Int
        var h: Int
    }

    private struct Panel: Decodable {
        var id: Int
        var title: String
        var type: String
        var gridPos: Place
        var datasource: Source?
        var targets: [Target]?
    }

    private struct Variable: Decodable {
        var name: String
        var type: String
    }

    private struct Dashboard: Decodable {
        struct Templating: Decodable { var list: [Variable] }

        var uid: String
        var templating: Templating
        var panels: [Panel]

        var targets: [Target] { panels.flatMap { $0.targets ?? [] } }
    }

    private func dashboard() throws -> Dashboard {
        let file = Self.root.appending(path: "etc/grafana/recyclicd.json")
        return try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: file))
    }

    /// The names of all metrics that the daemon can have.
    private var names: Set<String> {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let live = LiveFacts(
            version: "1",
            startedAt: now,
            process: ProcessUsage(cpuSeconds: 1, residentBytes: 1),
            pool: LiveFacts.Pool(),
            alerts: LiveFacts.Alerts()
        )
        return Set(DaemonMetrics.families(.full(now: now), live: live, now: now).map(\.name))
    }

    private func metrics(in text: String) -> Set<String> {
        Set(text.matches(of: /\b(?:recyclic|process)_[a-z_]+/).map { String($0.output) })
    }

    @Test("every query is PromQL, by the judgement of promtool")
    func queries() throws {
        let targets = try dashboard().targets
        #expect(targets.count > 30)
        var rules = "groups:\n  - name: dashboard\n    rules:\n"
        for (number, target) in targets.enumerated() {
            let expression = target.expr.replacing("$instance", with: "a:9847").replacing(
                "$__rate_interval",
                with: "5m"
            )
            #expect(!expression.contains("$"), "\(expression)")
            rules += "      - record: q\(number)\n        expr: '\(expression.replacing("'", with: "''"))'\n"
        }
        let folder = try TemporaryDirectory()
        try rules.write(toFile: folder.path("rules.yml"), atomically: true, encoding: .utf8)
        let result = try Program.run("promtool", ["check", "rules", folder.path("rules.yml")])
        #expect(result.status == 0, "\(result.output)\(result.errors)\(rules)")
    }

    @Test("every query asks for metrics that the daemon has, of the instance that was chosen")
    func metricNames() throws {
        for target in try dashboard().targets {
            let found = metrics(in: target.expr)
            #expect(!found.isEmpty && found.isSubset(of: names), "\(found.subtracting(names)) in \(target.expr)")
            #expect(target.expr.contains(#"instance="$instance""#), "\(target.expr)")
        }
    }

    @Test("all comes from the data source that was chosen")
    func source() throws {
        let dashboard = try dashboard()
        #expect(dashboard.templating.list.map(\.name) == ["datasource", "instance"])
        #expect(dashboard.templating.list.first?.type == "datasource")
        let chosen = Source(type: "prometheus", uid: "${datasource}")
        for panel in dashboard.panels where panel.type != "row" {
            #expect(panel.datasource == chosen && panel.targets?.isEmpty == false, "\(panel.title)")
            #expect(panel.targets?.allSatisfy { $0.datasource == chosen } == true, "\(panel.title)")
        }
    }

    @Test("each panel has a place of its own")
    func places() throws {
        let panels = try dashboard().panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        var taken: [[Int]: String] = [:]
        for panel in panels {
            let place = panel.gridPos
            #expect(place.x >= 0 && place.x + place.w <= 24, "\(panel.title)")
            for y in place.y..<place.y + place.h {
                for x in place.x..<place.x + place.w {
                    let other = taken.updateValue(panel.title, forKey: [x, y])
                    #expect(other == nil, "\(panel.title) lies on \(other ?? "")")
                }
            }
        }
    }

    @Test("the document tells of every metric, and of none that there is not")
    func documented() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/monitoring.md"), encoding: .utf8)
        for name in names where !text.contains("`\(name)`") { Issue.record("docs/monitoring.md leaves out \(name)") }
        let told = Set(text.matches(of: /`((?:recyclic|process)_[a-z_]+)`/).map { String($0.output.1) })
        #expect(told.isSubset(of: names), "\(told.subtracting(names))")
    }

    @Test("the rules for Prometheus ask for metrics that the daemon has")
    func rules() throws {
        for file in ["recyclic.rules.yml", "recyclic.rules.test.yml"] {
            let text = try String(contentsOf: Self.root.appending(path: "etc/prometheus/\(file)"), encoding: .utf8)
            let expressions = text.split(separator: "\n").filter { $0.contains("expr:") || $0.contains("series:") }
            for line in expressions {
                #expect(metrics(in: String(line)).isSubset(of: names), "\(line)")
            }
        }
    }
}
