import Foundation
import Monitoring
import TestSupport
import Testing

@Suite("Rules for Prometheus")
struct PrometheusRulesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "etc/prometheus")

    @Test("promtool accepts the files, and the rules fire when they should")
    func promtool() throws {
        for arguments in [
            ["test", "rules", "recyclic.rules.test.yml"], ["check", "config", "--syntax-only", "scrape.yml"],
        ] {
            let path = Self.folder.appending(path: arguments[arguments.count - 1]).path
            let result = try Program.run("promtool", arguments.dropLast() + [path])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test("the rules name only reasons that there are")
    func codes() throws {
        let rules = try String(contentsOf: Self.folder.appending(path: "recyclic.rules.yml"), encoding: .utf8)
        let match = try #require(rules.firstMatch(of: /code!~"([^"]+)"/))
        for code in match.1.split(separator: "|") {
            #expect(HealthReasonCode(rawValue: String(code)) != nil, "\(code)")
        }
    }
}
